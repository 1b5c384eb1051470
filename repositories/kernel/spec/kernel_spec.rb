# frozen_string_literal: true

# What this kernel must have, beside what every kernel of the pipeline must: KERNEL.config, KERNEL.modules and
# KERNEL.device_trees, TREE for the package's files.
describe "this kernel" do
  it("mounts the card's file systems") do
    expect(KERNEL.config).to include("CONFIG_EXT4_FS" => /\A[ym]\z/, "CONFIG_TMPFS" => "y")
  end
end

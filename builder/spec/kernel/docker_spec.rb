# frozen_string_literal: true

require "support/check_config"
require "support/kernel"

# By Docker's own check-config.sh, as Debian's docker.io ships it.
describe "Docker" do
  check = CheckConfig.new(File.read(ENV.fetch("CHECK_CONFIG_OUTPUT")))

  it("asks for as much as ever") { expect([check.necessary.length, check.optional.length]).to satisfy("be at least 25 and 40") { |necessary, optional| necessary >= 25 && optional >= 40 } }
  check.necessary.each do |option|
    it("needs CONFIG_#{option.name}") { expect(option.present).to be true }
  end
  # Images keep containers in overlay2, which check-config.sh counts among several.
  it("has its storage driver, CONFIG_OVERLAY_FS") { expect(KERNEL.config["CONFIG_OVERLAY_FS"]).to match(/\A[ym]\z/) }
  check.optional.reject { |option| option.name == "OVERLAY_FS" }.each do |option|
    it("can use CONFIG_#{option.name}") do
      skip "the config leaves it out; Docker calls it optional" unless option.present
      expect(option.present).to be true
    end
  end
end

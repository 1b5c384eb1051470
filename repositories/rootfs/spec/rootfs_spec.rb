# frozen_string_literal: true

# This repository's own tests, beside the builder's: https://serverspec.org/resource_types.html
# Commands run in the root filesystem; TREE has its files.
describe file("/etc/hostname") do
  it { is_expected.to be_file }
end

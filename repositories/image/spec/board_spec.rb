# frozen_string_literal: true

# This repository's own tests, beside the builder's: https://serverspec.org/resource_types.html
# Commands run in the image. BOARD is board.json, TREE its files, IMAGE the card.
describe file("/etc/hostname") do
  it { is_expected.to be_file }
end

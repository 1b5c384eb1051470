# frozen_string_literal: true

require "fileutils"
require "json"
require "serverspec"
require "shellwords"
require "tmpdir"
require "yaml"
require_relative "support/chroot_backend"
require_relative "support/image_file"
require_relative "support/tree"

# What the suite is about: board.json with its defaults for an image, nothing of a board for a root filesystem.
BOARD = JSON.parse(ENV.fetch("BOARD_JSON", "{}"))
VERSION = ENV.fetch("VERSION")
ARCHITECTURE = ENV.fetch("ARCHITECTURE")
TREE = Tree.new(ENV.fetch("TREE"))
IMAGE = ENV["IMAGE_FILE"].to_s.empty? ? nil : ImageFile.new(ENV.fetch("IMAGE_FILE"))

set :backend, :chroot
Specinfra::Backend::Chroot.root = TREE.root
set :os, family: "debian", release: "13", arch: ARCHITECTURE

RSpec.configure do |config|
  config.fail_if_no_examples = true
  config.expect_with(:rspec) { |expectations| expectations.max_formatted_output_length = 2000 }
end

# frozen_string_literal: true

require "fileutils"
require "json"
require "serverspec"
require "shellwords"
require "tmpdir"
require "uri"
require "yaml"

# What the suite is about: board.json with its defaults for an image, nothing of a board for a root filesystem.
BOARD = JSON.parse(ENV.fetch("BOARD_JSON", "{}"))
VERSION = ENV.fetch("VERSION")
ARCHITECTURE = ENV.fetch("ARCHITECTURE")
# TREE, IMAGE and where commands run: on the files of an image, or on a running board.
require_relative ENV["KIND"] == "booted" ? "support/booted" : "support/unbooted"
require_relative "support/docker_record"

set :os, family: "debian", release: "13", arch: ARCHITECTURE

RSpec.configure do |config|
  config.fail_if_no_examples = true
  config.expect_with(:rspec) { |expectations| expectations.max_formatted_output_length = 2000 }
end

# frozen_string_literal: true

require_relative "boot_parts"
require_relative "chroot_backend"
require_relative "image_file"
require_relative "tree"

TREE = Tree.new(ENV.fetch("TREE"))
IMAGE = ENV["IMAGE_FILE"].to_s.empty? ? nil : ImageFile.new(ENV.fetch("IMAGE_FILE"))

set :backend, :chroot
Specinfra::Backend::Chroot.root = TREE.root

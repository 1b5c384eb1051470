# frozen_string_literal: true

require "digest"
require "find"

# Reads files of the tree directly: for what has many files, where a command for each would take minutes.
class Tree
  ELF_MACHINES = { "arm64" => 183, "armhf" => 40, "armel" => 40, "amd64" => 62 }.freeze
  # What no board's Debian can run and no package of ours ships: code for the boards' other processors is data.
  FOREIGN_DATA = %r{\A/(boot/firmware|usr/lib/(firmware|raspi-firmware|u-boot))/}

  attr_reader :root

  def initialize(root)
    @root = root
  end

  # A path of the tree on the machine that tests; links are followed inside the tree.
  def path(name)
    File.join(@root, resolve(name))
  end

  def read(name)
    File.read(path(name))
  end

  # SHA-256 of a file: binary content in a failure's message breaks the JSON report.
  def digest(name)
    Digest::SHA256.file(path(name)).hexdigest
  end

  def exist?(name)
    File.exist?(path(name))
  end

  def glob(pattern)
    Dir.glob(pattern, base: @root).map { |name| "/#{name}" }.sort
  end

  # Programs and libraries of another architecture, as paths in the tree.
  def foreign_programs(architecture)
    expected = ELF_MACHINES.fetch(architecture)
    files.reject { |name| name.match?(FOREIGN_DATA) }
         .select { |name| (machine = elf_machine(name)) && machine != expected }
  end

  # Every plain file of the tree.
  def files
    @files ||= Find.find(@root).select { |name| File.lstat(name).file? }.map { |name| name.delete_prefix(@root) }
  end

  def kernel_versions
    glob("usr/lib/modules/*").map { |name| File.basename(name) }
  end

  # The newest kernel's options, "CONFIG_X" to "y", "m" or another value.
  def kernel_config
    @kernel_config ||= read("/boot/config-#{kernel_versions.last}").scan(/^(CONFIG_\w+)=(.*)$/).to_h
  end

  # Names of modules that the newest kernel can load or has built in, with underscores.
  def kernel_modules
    @kernel_modules ||= %w[modules.dep modules.builtin].flat_map do |list|
      read("/usr/lib/modules/#{kernel_versions.last}/#{list}").lines.map do |line|
        File.basename(line.split(":").first.strip).sub(/\.ko(\.\w+)?\z/, "").tr("-", "_")
      end
    end
  end

  private

  def resolve(name, depth = 0)
    raise "too many links: #{name}" if depth > 40

    parts = name.split("/").reject(&:empty?)
    parts.each_index do |index|
      here = "/#{parts[0..index].join("/")}"
      next unless File.symlink?(File.join(@root, here))

      target = File.expand_path(File.readlink(File.join(@root, here)), File.dirname(here))
      return resolve(File.join(target, *parts[(index + 1)..]), depth + 1)
    end
    "/#{parts.join("/")}"
  end

  def elf_machine(name)
    header = File.binread(File.join(@root, name), 20)
    header && header.bytesize == 20 && header.start_with?("\x7fELF".b) ? header[18, 2].unpack1("v") : nil
  end
end

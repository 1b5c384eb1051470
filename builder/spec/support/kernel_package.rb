# frozen_string_literal: true

require "json"
require "open3"

# A kernel's package: its fields, its scripts, its files as they were packed, and what its config says.
class KernelPackage
  attr_reader :file, :settings

  # Tree is its files, unpacked with DEBIAN/ beside them.
  def self.from_environment(tree, environment = ENV)
    new(environment.fetch("KERNEL_FILE"), tree, JSON.parse(environment.fetch("KERNEL_JSON")), environment.fetch("KERNEL_FRAGMENTS").split("\n"))
  end

  def initialize(file, tree, settings, fragments)
    @file = file
    @tree = tree
    @settings = settings
    @fragments = fragments
  end

  def name
    "linux-image-#{@settings.fetch("name")}"
  end

  # 6.12.57-docker, by the one kernel that is in it.
  def release
    @release ||= File.basename(@tree.glob("boot/vmlinuz-*").first).delete_prefix("vmlinuz-")
  end

  def field(field)
    run("dpkg-deb", "--field", @file, field).strip
  end

  # As tar lists them: mode, owner/group, size, date, time, name.
  def listing
    @listing ||= run("dpkg-deb", "--contents", @file).lines.map { |line| line.chomp.split(" ", 6) }
  end

  def config
    @config ||= @tree.read("/boot/config-#{release}").scan(/^(CONFIG_\w+)=(.*)$/).to_h
  end

  # [file, option, value] of each line of the repository's fragments; n is what is not set.
  def wanted
    @wanted ||= @fragments.flat_map do |fragment|
      File.read(fragment).scan(/^(?:(CONFIG_\w+)=(.*?)\s*|# (CONFIG_\w+) is not set.*)$/).map do |option, value, unset|
        [File.basename(fragment), option || unset, value || "n"]
      end
    end
  end

  def folder
    "/usr/lib/modules/#{release}"
  end

  def modules
    @tree.glob("usr/lib/modules/#{release}/kernel/**/*.ko*")
  end

  # What modinfo says of each module: path to value.
  def modinfo(field)
    return {} if modules.empty?

    modules.each_slice(500).flat_map { |names| names.zip(run("modinfo", "--field", field, *names.map { |name| @tree.path(name) }).lines.map(&:chomp)) }.to_h
  end

  # What depmod finds wrong: symbols that no module and not the kernel has.
  def unresolved
    return "" unless config["CONFIG_MODULES"] == "y"

    _, errors, status = Open3.capture3("depmod", "--dry-run", "--errsyms", "--filesyms", @tree.path("/boot/System.map-#{release}"),
                                       "--basedir", File.join(@tree.root, "usr"), release)
    status.success? ? errors.lines.grep(/needs unknown symbol|disagrees/).join : "depmod: #{errors}"
  end

  def device_trees
    @tree.glob("usr/lib/linux-image-#{release}/**/*.dtb")
  end

  private

  def run(*command)
    output, errors, status = Open3.capture3(*command)
    raise "#{command.first}: exit status #{status.exitstatus}: #{errors[0, 500]}" unless status.success?

    output
  end
end

# frozen_string_literal: true

require "json"
require "open3"

# The image as a disk: partition table, file systems, raw bytes.
class ImageFile
  attr_reader :path

  def initialize(path)
    @path = path
  end

  def table
    @table ||= JSON.parse(run("sfdisk", "--json", @path)).fetch("partitiontable")
  end

  # Partition 1 or 2, as sfdisk says it.
  def partition(number)
    table.fetch("partitions").fetch(number - 1)
  end

  def partuuid(number)
    format("%s-%02x", table.fetch("id").delete_prefix("0x"), number)
  end

  # The ext4 superblock's fields, "Filesystem UUID" and so on.
  def superblock
    @superblock ||= run("debugfs", "-R", "stats -h", "#{@path}?offset=#{offset(2)}").scan(/^([^:\n]+):\s+(.*)$/).to_h
  end

  def boot_label
    bytes(offset(1) + 71, 11).strip
  end

  def boot_type
    bytes(offset(1) + 82, 8).strip
  end

  def bytes(start, count)
    File.binread(@path, count, start)
  end

  # Exit status of a read-only check of the root file system, 0 when it is clean.
  def root_check
    Open3.capture2e("e2fsck", "-f", "-n", "#{@path}?offset=#{offset(2)}").last.exitstatus
  end

  def boot_check
    Open3.capture2e("sh", "-c", "dd if=\"$1\" of=\"$2\" bs=1M skip=#{offset(1) >> 20} count=#{partition(1)["size"] >> 11} status=none && fsck.vfat -n \"$2\"; code=$?; rm -f \"$2\"; exit $code", "sh", @path, "#{@path}.boot").last.exitstatus
  end

  private

  def offset(number)
    partition(number).fetch("start") * 512
  end

  def run(*command)
    output, _, status = Open3.capture3(*command)
    raise "#{command.first}: exit status #{status.exitstatus}" unless status.success?

    output
  end
end

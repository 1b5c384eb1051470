# frozen_string_literal: true

require "json"

# The card that a board runs from: what ImageFile is for an image.
class RunningCard
  def initialize(board)
    @board = board
  end

  # /dev/mmcblk0, from the device that / is mounted from.
  def path
    @path ||= "/dev/#{@board.run!("lsblk --noheadings --output PKNAME \"$(findmnt --noheadings --output SOURCE /)\"").strip}"
  end

  def table
    @table ||= JSON.parse(@board.run!("sfdisk --json #{path}")).fetch("partitiontable")
  end

  def partition(number)
    table.fetch("partitions").fetch(number - 1)
  end

  def partuuid(number)
    format("%s-%02x", table.fetch("id").delete_prefix("0x"), number)
  end

  def size
    @board.run!("blockdev --getsize64 #{path}").to_i
  end

  def boot_label
    bytes(partition(1).fetch("start") * 512 + 71, 11).strip
  end

  def boot_type
    bytes(partition(1).fetch("start") * 512 + 82, 8).strip
  end

  def superblock
    @superblock ||= @board.run!("dumpe2fs -h #{partition(2).fetch("node")} 2>/dev/null").scan(/^([^:\n]+):\s+(.*)$/).to_h
  end

  def bytes(start, count)
    @board.run!("dd if=#{path} bs=64K iflag=skip_bytes,count_bytes skip=#{start} count=#{count} status=none").b
  end
end

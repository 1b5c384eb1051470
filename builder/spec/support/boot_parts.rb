# frozen_string_literal: true

# The files that make up a boot loader, and what of each is to be seen on the card: a later part lies over an earlier
# one, and the partition table over all.
class BootParts
  # What a part at 0 leaves out: the end of the card's id, and the table.
  TABLE = (442...512)

  Part = Struct.new(:name, :vendor, :path, :start, :limit, keyword_init: true)

  attr_reader :parts

  # Of board.json's boot.
  def self.of(boot)
    new(boot.fetch("parts", []).map do |part|
      vendor = part["source"] == "vendor"
      file = vendor ? "vendor/#{part["name"]}" : part["file"]
      limit = part["lengthKiB"] && (part["lengthKiB"] * 1024).to_i
      Part.new(name: part["name"] || file, vendor:, path: "/usr/lib/u-boot/#{file}", start: (part["offsetKiB"] * 1024).to_i, limit:)
    end)
  end

  def initialize(parts)
    @parts = parts
  end

  # SHA-256 of what must be on the card of that part, and of what is: both without what lies over it.
  def digests(part, tree, image)
    wanted = content(part, tree)
    found = image.bytes(part.start, wanted.bytesize)
    [wanted, found].map { |bytes| Digest::SHA256.hexdigest(uncovered(bytes, part, tree)) }
  end

  def end_of(part, tree)
    part.start + content(part, tree).bytesize
  end

  private

  def content(part, tree)
    File.binread(tree.path(part.path), part.limit)
  end

  def uncovered(bytes, part, tree)
    later = parts.drop(parts.index(part) + 1).map { |other| (other.start...end_of(other, tree)) }
    kept = bytes.dup
    [TABLE, *later].each do |range|
      first = [range.begin - part.start, 0].max
      last = [range.end - part.start, kept.bytesize].min
      kept[first...last] = "\0" * (last - first) if last > first
    end
    kept
  end
end

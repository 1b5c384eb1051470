# frozen_string_literal: true

require "fileutils"
require "open3"
require_relative "tree"

# The files of a running board that tests read: fetched once, so that reading them is as quick as from an image.
class RunningTree < Tree
  FETCHED = %w[etc boot usr/lib/modules usr/lib/systemd/system usr/lib/os-release usr/lib/hypriotos].freeze
  # Large, and asked for by name or digest only: their place is kept.
  LEFT_OUT = %w[*.ko *.ko.xz *.elf *.dat vmlinuz* uInitrd initrd.img-* System.map-*].freeze

  # More is a list of files that are wanted whole, as shell patterns.
  def initialize(root, board, more)
    super(root)
    @board = board
    @fetched = FETCHED + more
    fetch
  end

  def digest(name)
    digests[name] || raise("#{name}: not found on the board")
  end

  def exist?(name)
    inside(name)
    super
  end

  def glob(pattern)
    inside(pattern)
    super
  end

  # A board's files change while it is asked, and are too many.
  def files
    raise "a running board's files are not listed: tag this example :unbooted"
  end

  private

  # What was not fetched must not look as if it were not there.
  def inside(name)
    name = name.delete_prefix("/")
    return if @fetched.any? { |folder| File.fnmatch(folder, name) || name.start_with?("#{folder}/") }

    raise "/#{name}: not among what is read of a running board: tag this example :unbooted, or use a resource of Serverspec"
  end

  def fetch
    excluded = LEFT_OUT.map { |pattern| "--exclude=#{pattern.shellescape}" }.join(" ")
    # A file that changes while it is read (exit code 1) is read all the same.
    archive = @board.run!("cd / && { tar --create --ignore-failed-read #{excluded} #{@fetched.join(" ")} 2>/dev/null || [ $? -eq 1 ]; }")
    _, error, status = Open3.capture3("tar", "--extract", "--directory=#{@root}", "--no-same-owner", stdin_data: archive, binmode: true)
    raise "a running board's files cannot be unpacked: #{error}" unless status.success?

    names = LEFT_OUT.map { |pattern| "-name #{pattern.shellescape}" }.join(" -o ")
    @board.run!("cd / && find #{FETCHED.join(" ")} -type f \\( #{names} \\)").each_line(chomp: true) do |name|
      FileUtils.touch(File.join(@root, name))
    end
  end

  def digests
    @digests ||= @board.run!("cd / && find boot usr/lib/raspi-firmware usr/lib/u-boot usr/lib/linux-image-* -type f 2>/dev/null | xargs sha256sum")
                       .scan(/^(\h{64})  (.+)$/).to_h { |digest, name| ["/#{name}", digest] }
  end
end

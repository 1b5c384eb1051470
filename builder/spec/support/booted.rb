# frozen_string_literal: true

require_relative "board_backend"
require_relative "boot_parts"
require_relative "container_image"
require_relative "running_board"
require_relative "running_card"
require_relative "running_tree"

RUNNING = RunningBoard.from_environment
TREE = RunningTree.new(
  Dir.mktmpdir("board-"), RUNNING,
  BOARD.fetch("deviceTrees").map { |name| "usr/lib/linux-image-*/#{name}" } +
    [BOARD.dig("boot", "file")].compact.map { |name| "usr/lib/u-boot/#{name}" } +
    BootParts.of(BOARD.fetch("boot")).parts.map { |part| part.path.delete_prefix("/") }
)
IMAGE = RunningCard.new(RUNNING)
at_exit { FileUtils.rm_rf(TREE.root) }

set :backend, :board
Specinfra::Backend::Board.board = RUNNING

# Holds for a card that never ran, and for no other.
RSpec.configure do |config|
  config.filter_run_excluding(unbooted: true)
  config.after(:suite) { ContainerImage.remove(RUNNING) }
end

# frozen_string_literal: true

# await.rb [seconds]: waits until first boot is over on the board of BOARD_ADDRESS, however it went: whether it went well
# is the suite's to say. Prints the version of its HypriotOS. Exit code 2 when there is no such board for so long.
require_relative "../spec/support/running_board"

patience = ARGV.fetch(0, "0").to_f
since = Process.clock_gettime(Process::CLOCK_MONOTONIC)
begin
  board = RunningBoard.from_environment
  board.run("cloud-init status --wait; systemctl is-system-running --wait")
  puts board.run("cat /etc/os-release").stdout[/^IMAGE_VERSION="?([\w.+~-]+)/, 1].to_s
rescue RunningBoard::Unreachable => error
  if Process.clock_gettime(Process::CLOCK_MONOTONIC) - since < patience
    sleep 0.5
    retry
  end
  warn "error: BOARD: #{error.message}"
  exit 2
end

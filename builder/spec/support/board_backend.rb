# frozen_string_literal: true

require "specinfra"
require "specinfra/backend/exec"

module Specinfra
  module Backend
    # Serverspec's commands on a running board: what Specinfra's own `ssh` does, but in the one shell that is open.
    class Board < Exec
      class << self
        attr_accessor :board
      end

      def run_command(command, _options = {})
        command = command.shelljoin if command.is_a?(Array)
        result = self.class.board.run("LC_ALL=C.UTF-8; export LC_ALL; #{command}")
        CommandResult.new(stdout: result.stdout, stderr: result.stderr, exit_status: result.exit_status)
      end
    end
  end
end

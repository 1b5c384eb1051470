# frozen_string_literal: true

require "specinfra"
require "specinfra/backend/exec"

module Specinfra
  module Backend
    # Runs each command in a tree, with the tree's own shell and programs, and nothing of the builder's environment.
    class Chroot < Exec
      class << self
        attr_accessor :root
      end

      def build_command(command)
        command = command.shelljoin if command.is_a?(Array)
        environment = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root"
        "env -i #{environment} chroot #{self.class.root.shellescape} /bin/sh -c #{command.to_s.shellescape}"
      end
    end
  end
end

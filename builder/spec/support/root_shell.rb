# frozen_string_literal: true

require "securerandom"
require "shellwords"

# One root's shell over one SSH channel, for all commands: a login, sudo and a shell for each cost an emulated board more
# than what most commands do.
class RootShell
  Result = Struct.new(:stdout, :stderr, :exit_status)
  class Ended < StandardError; end

  def initialize(session)
    @session = session
    @mark = SecureRandom.hex(16)
    @stdout = String.new
    @stderr = String.new
    @channel = session.open_channel do |channel|
      channel.exec("sudo -n /bin/sh")
      channel.on_data { |_, data| @stdout << data }
      channel.on_extended_data { |_, _, data| @stderr << data }
      channel.on_close { @ended = true }
    end
  end

  # Each in a shell of its own: what it sets, and its end, are its own.
  def run(command, input = nil)
    @stdout.clear
    @stderr.clear
    from = input ? "printf %s #{input.shellescape} |" : ""
    ending = "printf '\\n%s %d\\n' #{@mark} $?; printf '\\n%s\\n' #{@mark} >&2"
    @channel.send_data("#{from} (eval #{command.shellescape})#{" </dev/null" unless input}; #{ending}\n")
    @session.loop { !finished? && !@ended }
    raise Ended, @stderr.strip unless finished?

    exit_status = @stdout[/\n#{@mark} (\d+)\n\z/, 1].to_i
    Result.new(text(@stdout, /\n#{@mark} \d+\n\z/), text(@stderr, /\n#{@mark}\n\z/), exit_status)
  end

  private

  def finished?
    # Its end only: a board's files are many packets.
    (@stdout[-60..] || @stdout).match?(/\n#{@mark} \d+\n\z/) && @stderr.end_with?("\n#{@mark}\n")
  end

  def text(output, ending)
    output.sub(ending, "").force_encoding(Encoding::UTF_8)
  end
end

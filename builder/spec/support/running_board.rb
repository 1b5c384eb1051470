# frozen_string_literal: true

require "net/ssh"
require_relative "root_shell"

# A running board, reached by SSH as a user who may become root.
class RunningBoard
  # There is no such board, or it does not let us in: nothing is known of the system that runs on it.
  class Unreachable < StandardError; end

  # Takes whatever key a board shows and keeps its fingerprint. A card's host keys are made at its first boot: nobody
  # knows them before.
  class AnyHostKey
    attr_reader :fingerprint

    def verify(arguments)
      @fingerprint = "SHA256:#{[OpenSSL::Digest.digest("SHA256", arguments.fetch(:key_blob))].pack("m0").delete("=")}"
      true
    end

    def verify_signature
      yield
    end
  end

  attr_reader :address, :port, :user

  # BOARD_ADDRESS; BOARD_PORT, BOARD_USER; BOARD_KEY, a private key's file, or BOARD_PASSWORD.
  def self.from_environment(environment = ENV)
    new(environment.fetch("BOARD_ADDRESS"), environment.fetch("BOARD_PORT", "22").to_i,
        environment.fetch("BOARD_USER", "pirate"), environment["BOARD_KEY"], environment["BOARD_PASSWORD"])
  end

  def initialize(address, port, user, key, password)
    @address = address
    @port = port
    @user = user
    @key = key
    @password = password
    @host_key = AnyHostKey.new
  end

  # Of the host key that the board showed, as ssh-keygen prints it.
  def host_fingerprint
    session
    @host_key.fingerprint
  end

  # As Net::SSH takes them.
  def ssh_options
    ways = @key.to_s.empty? ? { password: @password.to_s, keys: [], auth_methods: %w[password keyboard-interactive] } : { keys: [@key], auth_methods: %w[publickey] }
    { user: @user, port: @port, keys_only: true, non_interactive: true, config: false, use_agent: false,
      verify_host_key: @host_key, timeout: 30, keepalive: true, keepalive_interval: 30, **ways }
  end

  def session
    @session ||= connect
  end

  # Runs a shell's command as root: stdout, stderr, exit_status.
  def run(command, input = nil)
    @shell ||= RootShell.new(session)
    @shell.run(command, input)
  rescue RootShell::Ended => error
    raise Unreachable, "found no shell for root at #{@address} (#{error.message}), expected a user with sudo without a password"
  end

  # Like run, and raises unless it went well.
  def run!(command, input = nil)
    result = run(command, input)
    raise "#{command[0, 200]}: exit status #{result.exit_status}: #{result.stderr[0, 2000]}" unless result.exit_status&.zero?

    result.stdout
  end

  private

  def connect
    Net::SSH.start(@address, @user, ssh_options)
  rescue Net::SSH::AuthenticationFailed
    raise Unreachable, "found a board at #{@address} port #{@port} that does not let #{@user} in, expected one that does: give a key or a password"
  rescue SystemCallError, SocketError, Net::SSH::Exception, IOError => error
    raise Unreachable, "found no SSH at #{@address} port #{@port} (#{error.message}), expected a board that runs"
  end
end

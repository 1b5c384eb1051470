# frozen_string_literal: true

# Which Docker the root filesystem was built with: what the builder wrote down in it (lib/docker.sh).
class DockerRecord
  FILE = "/usr/lib/hypriotos/docker.json"
  # A root filesystem from before that was written down has Debian's Docker, in no certain version.
  BEFORE = { "source" => "debian", "packages" => %w[docker.io docker-cli docker-compose containerd].to_h { |name| [name, nil] } }.freeze
  DEBIAN = %w[docker.io docker-cli docker-compose containerd runc].freeze
  DOCKER = %w[docker-ce docker-ce-cli docker-compose-plugin containerd.io].freeze
  ROLES = {
    "debian" => { cli: "docker-cli", compose: "docker-compose" }, "docker" => { cli: "docker-ce-cli", compose: "docker-compose-plugin" }
  }.freeze

  def initialize(tree)
    @record = tree.exist?(FILE) ? JSON.parse(tree.read(FILE)) : BEFORE
  end

  # debian or docker.
  def source
    @record.fetch("source")
  end

  # Of Docker's own repository; nil for Debian's packages.
  def url
    @record["url"]
  end

  # Name to version, of those that are pinned.
  def pins
    @record.fetch("packages").compact
  end

  def packages
    source == "docker" ? DOCKER : DEBIAN
  end

  # Those that would be a second Docker.
  def other_packages
    source == "docker" ? DEBIAN : DOCKER
  end

  # Where dockerd, docker-proxy and runc are.
  def folder
    source == "docker" ? "/usr/bin" : "/usr/sbin"
  end

  # Installed versions by name.
  def installed
    @installed ||= Specinfra.backend.run_command(
      "dpkg-query --show --showformat '${db:Status-Status} ${Package} ${Version}\\n' #{packages.join(" ")} 2>/dev/null"
    ).stdout.scan(/^installed (\S+) (\S+)$/).to_h
  end

  # What the program of a package says of itself: 5:28.5.1-1~debian.13~trixie is 28.5.1, 26.1.5+dfsg1-9 is 26.1.5.
  def upstream(role)
    installed.fetch(ROLES.fetch(source).fetch(role))[/\A(?:\d+:)?([0-9.]+)/, 1]
  end
end

DOCKER = DockerRecord.new(TREE)

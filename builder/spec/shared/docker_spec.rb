# frozen_string_literal: true

describe "Docker" do
  programs = %w[dockerd runc docker-proxy].map { |name| "#{DOCKER.folder}/#{name}" }
  (programs + %w[
    /usr/bin/docker /usr/bin/containerd /usr/bin/containerd-shim-runc-v2 /usr/bin/ctr
    /usr/libexec/docker/cli-plugins/docker-compose
  ]).each do |path|
    describe file(path) do
      it { is_expected.to be_executable }
    end
  end

  describe "package" do
    DOCKER.packages.each do |name|
      describe package(name) do
        it { is_expected.to be_installed }
      end
    end

    DOCKER.other_packages.each do |name|
      describe package(name) do
        it { is_expected.not_to be_installed }
      end
    end

    it("is in the version that is pinned") { expect(DOCKER.installed.slice(*DOCKER.pins.keys)).to eq DOCKER.pins }
  end

  describe command("docker --version") do
    its(:stdout) { is_expected.to start_with "Docker version #{DOCKER.upstream(:cli)}" }
    its(:exit_status) { is_expected.to eq 0 }
  end

  describe command("docker compose version --short") do
    its(:stdout) { is_expected.to match(/\Av?#{Regexp.escape(DOCKER.upstream(:compose))}\b/) }
    its(:exit_status) { is_expected.to eq 0 }
  end

  describe command("dockerd --validate") do
    its(:exit_status) { is_expected.to eq 0 }
  end

  describe file("/usr/lib/systemd/system/docker.service") do
    its(:content) { is_expected.to match(/^ExecStart=.*dockerd/) }
    its(:content) { is_expected.to match(/^Restart=always$/) }
  end

  describe file("/usr/lib/systemd/system/docker.socket") do
    its(:content) { is_expected.to match(%r{^ListenStream=/(var/)?run/docker.sock$}) }
    its(:content) { is_expected.to match(/^SocketMode=0660$/) }
    its(:content) { is_expected.to match(/^SocketGroup=docker$/) }
  end

  %w[multi-user.target.wants/docker.service multi-user.target.wants/containerd.service sockets.target.wants/docker.socket].each do |link|
    describe file("/etc/systemd/system/#{link}") do
      it { is_expected.to be_symlink }
    end
  end

  it("listens on no network") { expect(TREE.glob("etc/docker/daemon.json").map { |name| TREE.read(name) }.join).not_to include "tcp://" }
end

describe "Docker's packages" do
  sources = "/etc/apt/sources.list.d/docker.sources"
  preferences = "/etc/apt/preferences.d/docker"

  if DOCKER.source == "docker"
    it("come from the repository that was chosen") { expect(TREE.read(sources)[/^URIs: (.*)$/, 1]).to eq DOCKER.url }
    it("are signed by a key of their own") { expect(TREE.read(sources)).to match(/^Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----$/) }

    it "are all that comes from there" do
      host = URI(DOCKER.url).host
      expect(TREE.read(preferences)).to start_with "Package: *\nPin: origin \"#{host}\"\nPin-Priority: -1\n"
    end
  else
    it("come from Debian") { expect([sources, preferences].select { |name| TREE.exist?(name) }).to eq [] }
  end
end

# frozen_string_literal: true

describe "Docker" do
  %w[
    /usr/sbin/dockerd /usr/bin/docker /usr/bin/containerd /usr/bin/containerd-shim-runc-v2 /usr/bin/ctr
    /usr/sbin/runc /usr/sbin/docker-proxy /usr/libexec/docker/cli-plugins/docker-compose
  ].each do |path|
    describe file(path) do
      it { is_expected.to be_executable }
    end
  end

  describe command("docker --version") do
    its(:stdout) { is_expected.to match(/^Docker version 26\.1\./) }
    its(:exit_status) { is_expected.to eq 0 }
  end

  describe command("docker compose version --short") do
    its(:stdout) { is_expected.to match(/^v?2\.26\./) }
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

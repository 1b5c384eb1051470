# frozen_string_literal: true

describe "cloud-init at first boot" do
  status = JSON.parse(RUNNING.run("cloud-init status --format json").stdout)

  it("is done") { expect(status["status"]).to eq "done" }
  it("had no error") { expect(status["errors"]).to eq [] }
  # What is deprecated in it, like fs_label, is for who moves the image to the next Debian.
  it("had nothing to complain of") { expect(status["recoverable_errors"].except("DEPRECATED")).to eq({}) }
  it("read the boot partition") { expect(status["detail"]).to match(/\ADataSourceNoCloud \[seed=/) }
end

describe "the card after first boot" do
  # The partition table has MiB; what is left of a card at its end is no partition.
  it "has a root partition to its end" do
    root = IMAGE.partition(2)
    expect(IMAGE.size - (root["start"] + root["size"]) * 512).to be < 2 * 1024 * 1024
  end
  it("is larger than the image") { expect(IMAGE.partition(2)["size"]).to be > BOARD.dig("partitions", "root", "sizeMiB") * 2048 }
  it "has a root file system that fills it" do
    bytes = RUNNING.run!("stat --file-system --format '%b %S' /").split.map(&:to_i).reduce(:*)
    expect(bytes).to be > IMAGE.partition(2)["size"] * 512 * 9 / 10
  end

  { "/" => "ext4", "/boot/firmware" => "vfat" }.each do |path, type|
    describe command("findmnt --noheadings --output FSTYPE #{path}") do
      its(:stdout) { is_expected.to eq "#{type}\n" }
    end
  end

  describe command("findmnt --noheadings --output OPTIONS /") do
    its(:stdout) { is_expected.to match(/(\A|,)rw,noatime(,|$)/) }
  end
end

describe "the board's identity" do
  name = YAML.safe_load(TREE.read("/boot/firmware/user-data"))["hostname"] || "black-pearl"

  describe command("hostname") do
    its(:stdout) { is_expected.to eq "#{name}\n" }
  end

  describe command("getent hosts #{name}") do
    its(:exit_status) { is_expected.to eq 0 }
  end

  describe command("systemd-id128 machine-id") do
    its(:stdout) { is_expected.to match(/\A\h{32}\n\z/) }
  end

  describe file("/etc/machine-id") do
    its(:size) { is_expected.to eq 33 }
  end

  # cloud-init says each key that it makes: one that came with the image is in no such line, and in every card.
  made = RUNNING.run!("cat /var/log/cloud-init-output.log").scan(/^The key fingerprint is:\r?\n(SHA256:\S+)/).flatten
  keys = RUNNING.run!("for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -l -f \"$key\"; done").scan(/^\d+ (SHA256:\S+) .*\((\w+)\)$/)

  it("has host keys of each usual kind") { expect(keys.map(&:last)).to include "ECDSA", "ED25519", "RSA" }
  it("made its host keys itself") { expect(keys.map(&:first) - made).to eq [] }
  it("shows one of them to who logs in") { expect(keys.map(&:first)).to include RUNNING.host_fingerprint }
end

describe user("pirate") do
  it { is_expected.to exist }
  it { is_expected.to have_login_shell "/bin/bash" }
  it { is_expected.to have_home_directory "/home/pirate" }
  %w[docker video sudo].each do |group|
    it { is_expected.to belong_to_group group }
  end
end

describe "pirate" do
  password = YAML.safe_load(TREE.read("/boot/firmware/user-data"))["password"]

  it("has a password if user-data says so") { expect(RUNNING.run!("passwd --status pirate").split[1]).to eq(password ? "P" : "L") }
  describe command("runuser --login pirate --command 'sudo -n id -u'") do
    its(:stdout) { is_expected.to eq "0\n" }
  end

  describe command("runuser --login pirate --command 'docker version --format {{.Server.Os}}'") do
    its(:stdout) { is_expected.to eq "linux\n" }
  end
end

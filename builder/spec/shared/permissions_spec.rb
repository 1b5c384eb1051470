# frozen_string_literal: true

describe "permissions" do
  {
    "/etc/passwd" => [644, "root", "root"], "/etc/group" => [644, "root", "root"],
    "/etc/shadow" => [640, "root", "shadow"], "/etc/gshadow" => [640, "root", "shadow"],
    "/etc/sudoers" => [440, "root", "root"], "/etc/ssh/sshd_config" => [644, "root", "root"],
    "/root" => [700, "root", "root"], "/tmp" => [1777, "root", "root"], "/var/tmp" => [1777, "root", "root"],
    "/etc/sudoers.d" => [755, "root", "root"], "/usr/bin/sudo" => [4755, "root", "root"],
    "/usr/bin/passwd" => [4755, "root", "root"], "/usr/bin/su" => [4755, "root", "root"],
    "/usr/bin/mount" => [4755, "root", "root"], "/etc/machine-id" => [444, "root", "root"]
  }.each do |path, (mode, owner, group)|
    describe file(path) do
      it { is_expected.to be_mode mode }
      it { is_expected.to be_owned_by owner }
      it { is_expected.to be_grouped_into group }
    end
  end

  allowed = %w[chfn chsh gpasswd mount newgrp passwd su sudo umount dbus-daemon-launch-helper ssh-keysign]
  it "give root's rights to known programs only", :unbooted do
    programs = TREE.files.select { |name| File.stat(File.join(TREE.root, name)).setuid? }
    expect(programs.map { |name| File.basename(name) } - allowed).to eq []
  end
  it "let nobody else write system files", :unbooted do
    writable = TREE.files.select { |name| name.match?(%r{\A/(etc|usr|boot)/}) && File.stat(File.join(TREE.root, name)).world_writable? }
    expect(writable).to eq []
  end
  it("leave no file without an owner", :unbooted) do
    uids = TREE.read("/etc/passwd").scan(/^[^:]*:[^:]*:(\d+):/).flatten.map(&:to_i)
    expect(TREE.files.reject { |name| uids.include?(File.lstat(File.join(TREE.root, name)).uid) }).to eq []
  end
end

# frozen_string_literal: true

describe "services" do
  # systemctl is-enabled is content with an alias: what starts a service at boot is this link.
  {
    "multi-user" => %w[ssh docker containerd], "sysinit" => %w[systemd-resolved systemd-timesyncd]
  }.each do |target, names|
    names.each do |name|
      describe file("/etc/systemd/system/#{target}.target.wants/#{name}.service") do
        it { is_expected.to be_linked_to "/usr/lib/systemd/system/#{name}.service" }
      end
    end
  end

  %w[cloud-init-local cloud-init-main cloud-init-network cloud-config cloud-final].each do |name|
    describe file("/etc/systemd/system/cloud-init.target.wants/#{name}.service") do
      it { is_expected.to be_symlink }
    end
  end

  describe file("/usr/sbin/init") do
    it { is_expected.to be_linked_to "../lib/systemd/systemd" }
  end

  it("starts no service that the image lacks") do
    links = TREE.glob("etc/systemd/system/**/*").select { |name| File.symlink?(File.join(TREE.root, name)) }
    broken = links.reject { |name| name.match?(/sshd?@?\.(service|socket)\.wants/) || File.readlink(File.join(TREE.root, name)) == "/dev/null" || TREE.exist?(name) }
    expect(broken).to eq []
  end
end

describe "OpenSSH" do
  # A running board has a folder for it already, which must stay.
  describe command("mkdir /run/sshd 2>/dev/null && made=yes; ssh-keygen -q -t ed25519 -N '' -f /run/key && sshd -T -h /run/key; rm -f /run/key /run/key.pub; [ -z \"$made\" ] || rmdir /run/sshd") do
    its(:stdout) { is_expected.to match(/^permitrootlogin (without-password|prohibit-password)$/) }
    its(:stdout) { is_expected.to match(/^permitemptypasswords no$/) }
    its(:stdout) { is_expected.to match(/^usepam yes$/) }
    its(:stdout) { is_expected.to match(/^port 22$/) }
    its(:stdout) { is_expected.to match(/^strictmodes yes$/) }
  end

  describe file("/usr/lib/openssh/sftp-server") do
    it { is_expected.to be_executable }
  end

  describe command("visudo --check --quiet") do
    its(:exit_status) { is_expected.to eq 0 }
  end
end

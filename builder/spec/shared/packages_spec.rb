# frozen_string_literal: true

describe "packages" do
  %w[
    apt bash ca-certificates cloud-guest-utils cloud-init coreutils dbus debian-archive-keyring dpkg e2fsprogs
    fdisk iproute2 iptables iputils-ping less libc6 login mount nano netbase openssh-client openssh-server passwd
    perl-base python3 sudo systemd systemd-resolved systemd-sysv systemd-timesyncd tzdata udev util-linux
  ].each do |name|
    describe package(name) do
      it { is_expected.to be_installed }
    end
  end

  # What builds need and boards do not, and what a server that nobody sits at does not want.
  %w[mmdebstrap qemu-user qemu-user-static qemu-user-binfmt exim4-base popularity-contest os-prober].each do |name|
    describe package(name) do
      it { is_expected.not_to be_installed }
    end
  end

  describe command("dpkg --audit") do
    its(:stdout) { is_expected.to eq "" }
    its(:exit_status) { is_expected.to eq 0 }
  end

  describe command("dpkg --print-architecture") do
    its(:stdout) { is_expected.to eq "#{ARCHITECTURE}\n" }
  end

  describe command("dpkg --print-foreign-architectures") do
    its(:stdout) { is_expected.to eq "" }
  end

  describe command(%q(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' | grep -v '^installed ')) do
    its(:stdout) { is_expected.to eq "" }
  end

  describe "every program and library", :unbooted do
    it { expect(TREE.foreign_programs(ARCHITECTURE)).to eq [] }
  end
end

describe "package sources" do
  describe file("/etc/apt/sources.list") do
    %w[trixie trixie-updates trixie-security].each do |suite|
      its(:content) { is_expected.to match(/^deb http\S+ #{suite} main non-free-firmware$/) }
    end
    its(:content) { is_expected.not_to match(/\[.*trusted/) }
    it { is_expected.to be_mode 644 }
  end

  # The builder's own packages come from the base image's mirrors; an image's may come from nowhere else.
  mirrors = Dir["/etc/apt/sources.list", "/etc/apt/sources.list.d/*"].flat_map { |file| File.read(file).scan(/^(?:deb|URIs:) +(\S+)/) }.flatten.uniq
  it("come from Debian only", :unbooted) { expect(TREE.read("/etc/apt/sources.list").scan(/^deb +(\S+)/).flatten.uniq).to match_array mirrors }
  it("are no others") { expect(TREE.glob("etc/apt/sources.list.d/*") - ["/etc/apt/sources.list.d/docker.sources"]).to eq [] }
  it("leave no settings of the build") { expect(TREE.glob("etc/apt/apt.conf.d/*mmdebstrap*")).to eq [] }

  describe file("/usr/share/keyrings/debian-archive-keyring.pgp") do
    it { is_expected.to be_file }
  end
end

# frozen_string_literal: true

describe "network" do
  describe file("/etc/systemd/network/20-wired.network") do
    its(:content) { is_expected.to match(/^Type=ether$/) }
    its(:content) { is_expected.to match(/^Name=!veth\*/) }
    its(:content) { is_expected.to match(/^DHCP=yes$/) }
    it { is_expected.to be_mode 644 }
  end

  describe file("/etc/resolv.conf") do
    it { is_expected.to be_symlink }
    it { is_expected.to be_linked_to "../run/systemd/resolve/stub-resolv.conf" }
  end

  %w[multi-user.target.wants/systemd-networkd.service sockets.target.wants/systemd-networkd.socket].each do |link|
    describe file("/etc/systemd/system/#{link}") do
      it { is_expected.to be_linked_to "/usr/lib/systemd/system/#{File.basename(link)}" }
    end
  end

  describe file("/etc/nsswitch.conf") do
    its(:content) { is_expected.to match(/^hosts:.*\bdns\b/) }
  end

  %w[ifupdown network-manager].each do |name|
    describe package(name) do
      it { is_expected.not_to be_installed }
    end
  end
end

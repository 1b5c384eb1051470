# frozen_string_literal: true

describe "serial console" do
  device = BOARD["console"].split(",").first

  describe file("/etc/systemd/system/getty.target.wants/serial-getty@#{device}.service") do
    it { is_expected.to be_symlink }
    it { is_expected.to be_linked_to "/usr/lib/systemd/system/serial-getty@.service" }
  end

  describe file("/etc/systemd/system/getty.target.wants/getty@tty1.service") do
    it { is_expected.to be_symlink }
  end
end

describe "journal" do
  describe file("/etc/systemd/journald.conf.d/10-hypriotos.conf") do
    its(:content) { is_expected.to match(/^SystemMaxUse=64M$/) }
  end
end

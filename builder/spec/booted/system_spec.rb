# frozen_string_literal: true

describe "the running system" do
  describe command("systemctl is-active multi-user.target") do
    its(:stdout) { is_expected.to eq "active\n" }
  end

  describe command("systemctl is-system-running") do
    its(:stdout) { is_expected.to eq "running\n" }
  end

  describe command("systemctl list-units --state=failed --plain --no-legend") do
    its(:stdout) { is_expected.to eq "" }
  end

  describe command("systemctl list-jobs --no-legend --plain") do
    its(:stdout) { is_expected.to eq("").or eq("No jobs running.\n") }
  end

  %w[ssh docker containerd systemd-networkd systemd-resolved systemd-timesyncd systemd-journald dbus].each do |name|
    describe service(name) do
      it { is_expected.to be_running }
    end
  end

  describe command("uname -m") do
    its(:stdout) { is_expected.to eq "#{{ "arm64" => "aarch64", "armhf" => "armv7l" }.fetch(ARCHITECTURE, ARCHITECTURE)}\n" }
  end

  it("runs the image's kernel") { expect(RUNNING.run!("uname -r").strip).to eq TREE.kernel_versions.last }

  describe command("systemctl show --property=NTP --value systemd-timesyncd; timedatectl show --property=NTP --value") do
    its(:stdout) { is_expected.to match(/^yes$/) }
  end

  # Flash wears out.
  describe command("swapon --noheadings --show") do
    its(:stdout) { is_expected.to eq "" }
  end

  describe command("cat /sys/fs/cgroup/cgroup.controllers") do
    %w[cpu io memory pids cpuset].each do |controller|
      its(:stdout) { is_expected.to match(/\b#{controller}\b/) }
    end
  end
end

describe "the journal" do
  it("is bounded") { expect(RUNNING.run!("journalctl --disk-usage")[/take up ([\d.]+[KMG])/, 1]).to match(/\A(\d{1,2}(\.\d+)?M|[\d.]+K)\z/) }
  # What a kernel calls an error on hardware that it does not find is no error of the image: emergencies and alerts are.
  it("has no emergency and no alert") { expect(RUNNING.run!("journalctl --boot --priority=1 --quiet --no-pager --output=cat")).to eq "" }
end

describe "logins" do
  device = BOARD["console"].split(",").first

  describe command("systemctl is-active serial-getty@#{device}.service") do
    its(:stdout) { is_expected.to eq "active\n" }
  end

  if ENV["BOARD_CONSOLE_LOG"]
    it("asks for a name on the board's serial console") { expect(File.read(ENV.fetch("BOARD_CONSOLE_LOG"))).to match(/ login: /) }
  end
  if ENV["CONSOLE_LOG"]
    it("asks for a name on the machine's console") { expect(File.read(ENV.fetch("CONSOLE_LOG"))).to match(/ login: /) }
  end
end

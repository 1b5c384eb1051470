# frozen_string_literal: true

describe "cloud-init" do
  config = YAML.safe_load(TREE.read("/etc/cloud/cloud.cfg.d/10_hypriotos.cfg"))
  user = config.fetch("system_info", {}).fetch("default_user", {})

  it("reads the boot partition only") { expect(config["datasource_list"]).to eq ["NoCloud"] }
  it("finds the boot partition by its label") { expect(config.dig("datasource", "NoCloud", "fs_label")).to eq IMAGE.boot_label }
  it("makes user pirate") { expect(user["name"]).to eq "pirate" }
  %w[docker video sudo].each do |group|
    it("puts pirate into #{group}") { expect(user["groups"]).to include group }
  end
  it("lets pirate become root") { expect(user["sudo"]).to eq ["ALL=(ALL) NOPASSWD:ALL"] }
  it("gives pirate a shell") { expect(user["shell"]).to eq "/bin/bash" }
  it("gives pirate no password of its own") { expect(user["lock_passwd"]).to be true }
  it("grows the root partition") { expect(config["growpart"]).to include("mode" => "auto", "devices" => ["/"]) }
  it("grows the root file system") { expect(config["resize_rootfs"]).to be true }
  it("leaves the network to systemd-networkd") { expect(config["network"]).to eq("config" => "disabled") }

  describe file("/usr/bin/growpart") do
    it { is_expected.to be_executable }
  end

  %w[growpart resizefs set_hostname users-groups ssh].each do |name|
    describe file("/etc/cloud/cloud.cfg") do
      its(:content) { is_expected.to match(/^ - #{name}$/) }
    end
  end

  it("makes host keys at first boot, before OpenSSH starts") do
    expect(config.key?("ssh_genkeytypes") || config["ssh_deletekeys"] == false).to be false
    expect(TREE.read("/usr/lib/systemd/system/cloud-init-network.service")).to match(/^Before=sshd\.service$/)
    expect(TREE.exist?("/etc/cloud/cloud-init.disabled")).to be false
  end

  # What its units call to take turns.
  describe file("/usr/bin/nc") do
    it { is_expected.to be_executable }
  end

  it("is not switched off") { expect(TREE.exist?("/etc/cloud/cloud-init.disabled")).to be false }
  it("has no answers of the build") { expect(TREE.exist?("/etc/cloud/cloud.cfg.d/90_dpkg.cfg")).to be false }

  describe command("cloud-init --version") do
    its(:exit_status) { is_expected.to eq 0 }
  end
end

# On a running board it is its owner's.
describe "user-data", :unbooted do
  data = YAML.safe_load(TREE.read("/boot/firmware/user-data"))

  it("is cloud-config") { expect(TREE.read("/boot/firmware/user-data")).to start_with "#cloud-config\n" }
  describe command("cloud-init schema --config-file /boot/firmware/user-data") do
    its(:exit_status) { is_expected.to eq 0 }
  end

  it("names the board") { expect(data["hostname"]).to match(/\A[a-z0-9]([a-z0-9-]*[a-z0-9])?\z/) }
  it("lets SSH take passwords, as documented") { expect(data["ssh_pwauth"]).to be true }
  it("sets the documented password") { expect(data["password"]).to eq "hypriot" }
  it("does not let it expire") { expect(data.dig("chpasswd", "expire")).to be false }

  describe file("/boot/firmware/meta-data") do
    its(:content) { is_expected.to eq "instance-id: hypriotos-#{BOARD["name"]}-#{VERSION}\n" }
  end
end

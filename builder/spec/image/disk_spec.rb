# frozen_string_literal: true

describe "partition table" do
  mib = 2048
  boot = BOARD.dig("partitions", "boot", "sizeMiB")
  root = BOARD.dig("partitions", "root", "sizeMiB")

  it("is an MBR") { expect(IMAGE.table["label"]).to eq "dos" }
  it("has two partitions") { expect(IMAGE.table["partitions"].length).to eq 2 }
  it("starts the boot partition at 4 MiB") { expect(IMAGE.partition(1)["start"]).to eq 4 * mib }
  it("has a boot partition of #{boot} MiB") { expect(IMAGE.partition(1)["size"]).to eq boot * mib }
  it("says FAT32 of the boot partition") { expect(IMAGE.partition(1)["type"]).to eq "c" }
  it("starts the root partition after it") { expect(IMAGE.partition(2)["start"]).to eq((4 + boot) * mib) }
  it("has a root partition of #{root} MiB", :unbooted) { expect(IMAGE.partition(2)["size"]).to eq root * mib }
  it("says Linux of the root partition") { expect(IMAGE.partition(2)["type"]).to eq "83" }
  it("has one active partition") { expect(IMAGE.table["partitions"].count { |entry| entry["bootable"] }).to eq 1 }
  it("leaves nothing behind the root partition", :unbooted) { expect(File.size(IMAGE.path)).to eq((4 + boot + root) * 1024 * 1024) }
end

describe "boot file system" do
  it("is FAT32") { expect(IMAGE.boot_type).to eq "FAT32" }
  it("is called HYPRIOTOS") { expect(IMAGE.boot_label).to eq "HYPRIOTOS" }
  it("is clean", :unbooted) { expect(IMAGE.boot_check).to eq 0 }
end

describe "root file system" do
  it("is clean", :unbooted) { expect(IMAGE.root_check).to eq 0 }
  it("was never mounted", :unbooted) { expect(IMAGE.superblock["Mount count"]).to eq "0" }
  it("is called root") { expect(IMAGE.superblock["Filesystem volume name"]).to eq "root" }
  it("fills its partition") { expect(IMAGE.superblock["Block count"].to_i * IMAGE.superblock["Block size"].to_i).to eq IMAGE.partition(2)["size"] * 512 }
  it("can grow to a large card") { expect(IMAGE.superblock["Filesystem features"].split).to include("resize_inode") }
  %w[extent has_journal metadata_csum 64bit].each do |feature|
    it("has #{feature}") { expect(IMAGE.superblock["Filesystem features"].split).to include feature }
  end
  it("has space for first boot") { expect(IMAGE.superblock["Free blocks"].to_i * 4096).to be > 48 * 1024 * 1024 }
  it("has no file from the future", :unbooted) do
    newest = TREE.files.reject { |name| name.start_with?("/boot/firmware/") }.map { |name| File.lstat(File.join(TREE.root, name)).mtime.to_i }.max
    expect(newest).to be <= ENV.fetch("SOURCE_DATE_EPOCH").to_i
  end
end

describe "fstab" do
  table = TREE.read("/etc/fstab").lines.map(&:split)

  it("mounts the root partition") { expect(table).to include(start_with("PARTUUID=#{IMAGE.partuuid(2)}", "/", "ext4")) }
  it("mounts the boot partition") { expect(table).to include(start_with("PARTUUID=#{IMAGE.partuuid(1)}", "/boot/firmware", "vfat")) }
  it("checks both") { expect(table.map(&:last)).to match_array %w[1 2] }
  it("spares the flash") { expect(table.find { |entry| entry[1] == "/" }[3].split(",")).to include "noatime" }

  describe file("/boot/firmware") do
    it { is_expected.to be_directory }
  end
end

# frozen_string_literal: true

describe "device trees" do
  folder = "/usr/lib/linux-image-#{TREE.kernel_versions.last}"

  BOARD["deviceTrees"].each do |name|
    describe file("#{folder}/#{name}") do
      it { is_expected.to be_file }
    end

    it("#{name} is a device tree") { expect(File.binread(TREE.path("#{folder}/#{name}"), 4).unpack1("N")).to eq 0xd00dfeed }

    next unless BOARD.dig("boot", "method") == "raspi-firmware"

    it("#{name} is in the boot partition as the kernel has it") do
      expect(TREE.digest("/boot/firmware/#{File.basename(name)}")).to eq TREE.digest("#{folder}/#{name}")
    end
  end
end

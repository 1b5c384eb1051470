# frozen_string_literal: true

if BOARD.dig("boot", "method") == "u-boot"
  describe "U-Boot" do
    boot = BOARD["boot"]
    loader = "/usr/lib/u-boot/#{boot["file"]}"

    describe package(boot["package"]) do
      it { is_expected.to be_installed }
    end

    it("lies at #{boot["offsetKiB"]} KiB as the package ships it") do
      written = IMAGE.bytes(boot["offsetKiB"] * 1024, File.size(TREE.path(loader)))
      expect(Digest::SHA256.hexdigest(written)).to eq TREE.digest(loader)
    end

    it("leaves the partition table alone") { expect(IMAGE.bytes(510, 2).unpack("CC")).to eq [0x55, 0xaa] }
    it("ends before the first partition") { expect(boot["offsetKiB"] * 1024 + File.size(TREE.path(loader))).to be <= 4 * 1024 * 1024 }
  end
end

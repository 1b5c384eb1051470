# frozen_string_literal: true

require "digest"
require "support/kernel"


describe "package" do
  source = KERNEL.settings.fetch("source")

  it("is called after the repository") { expect(KERNEL.field("Package")).to eq KERNEL.name }
  it("is of this architecture") { expect(KERNEL.field("Architecture")).to eq ARCHITECTURE }
  it("has the source's version and the build's") { expect(KERNEL.field("Version")).to match(/\A\d+\.\d+\.\d+-\S+\+hypriotos#{Regexp.escape(VERSION.tr("-", "~"))}\z/) }
  it("says which source it was built from") { expect(KERNEL.field("Built-Using")).to eq "linux (= #{KERNEL.field("Version").sub(/\+hypriotos.*/, "")})" }
  it("is of the series that kernel.json names") { expect(KERNEL.release).to start_with "#{source.delete_prefix("linux-source-")}." }
  it("is of the version that the source has") { expect(KERNEL.release).to eq "#{KERNEL.field("Version")[/\A\d+\.\d+\.\d+/]}-#{KERNEL.settings.fetch("name")}" }
  %w[kmod linux-base initramfs-tools].each do |name|
    it("depends on #{name}") { expect(KERNEL.field("Depends").split(/[,|]/).map { |part| part.strip.split.first }).to include name }
  end

  %w[preinst postinst prerm postrm].each do |script|
    it("has a #{script} that a shell can read, for this kernel") do
      path = File.join(TREE.root, "DEBIAN", script)
      expect(File.executable?(path)).to be true
      expect(system("sh", "-n", path)).to be true
      expect(File.read(path)).to include(KERNEL.release).and(satisfy("have no placeholder") { |text| !text.match?(/@[A-Z]+@/) })
    end
  end

  it("has the digest of each file") do
    listed = File.read(File.join(TREE.root, "DEBIAN/md5sums")).scan(/^(\h{32})  (.+)$/).to_h { |digest, name| [name, digest] }
    files = TREE.files.map { |name| name.delete_prefix("/") }.reject { |name| name.start_with?("DEBIAN/") }
    expect(listed.keys).to match_array files
    expect(listed.reject { |name, digest| Digest::MD5.file(File.join(TREE.root, name)).hexdigest == digest }).to eq({})
  end

  it("belongs to root, and nobody else may write it") { expect(KERNEL.listing.reject { |mode, owner| owner == "root/root" && mode.match?(/\A[-d]rw.r-.r-.\z|\A-rw-------\z/) }).to eq [] }
  it("has nothing newer than the commit") { expect(KERNEL.listing.map { |entry| entry.values_at(3, 4).join(" ") }.max).to be <= Time.at(ENV.fetch("SOURCE_DATE_EPOCH").to_i).utc.strftime("%Y-%m-%d %H:%M") }
  it "has files of this kernel only, where Debian has them" do
    folders = %r{\A\./(boot/(vmlinuz|System\.map|config)-#{Regexp.escape(KERNEL.release)}|usr/lib/(modules|linux-image-)/?#{Regexp.escape(KERNEL.release)}/.*|usr/share/doc/#{Regexp.escape(KERNEL.name)}/.*)\z}
    expect(KERNEL.listing.map(&:last).reject { |name| name.end_with?("/") || name.match?(folders) }).to eq []
  end
end

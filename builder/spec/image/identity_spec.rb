# frozen_string_literal: true

describe "identity" do
  release = TREE.read("/etc/os-release").scan(/^(\w+)="?(.*?)"?$/).to_h

  {
    "ID" => "debian", "VERSION_ID" => "13", "VERSION_CODENAME" => "trixie", "VARIANT" => BOARD["title"],
    "VARIANT_ID" => BOARD["name"], "IMAGE_ID" => "hypriotos-#{BOARD["name"]}", "IMAGE_VERSION" => VERSION,
    "HYPRIOT_OS" => "HypriotOS/#{ARCHITECTURE}", "HYPRIOT_DEVICE" => BOARD["title"], "HYPRIOT_IMAGE_VERSION" => VERSION
  }.each do |key, value|
    it("says #{key}=#{value} in os-release") { expect(release[key]).to eq value }
  end

  it("names HypriotOS and its version to people") { expect(release["PRETTY_NAME"]).to eq "HypriotOS #{VERSION} (Debian GNU/Linux 13)" }

  describe command(". /etc/os-release && echo $IMAGE_ID") do
    its(:stdout) { is_expected.to eq "hypriotos-#{BOARD["name"]}\n" }
  end

  # People give their board another name.
  describe file("/etc/hostname"), :unbooted do
    its(:content) { is_expected.to eq "black-pearl\n" }
  end

  describe file("/etc/hosts"), :unbooted do
    its(:content) { is_expected.to match(/^127\.0\.0\.1 localhost$/) }
    its(:content) { is_expected.to match(/^127\.0\.1\.1 black-pearl$/) }
    its(:content) { is_expected.to match(/^::1 localhost/) }
  end
end

describe "locale and time" do
  describe file("/etc/locale.conf") do
    its(:content) { is_expected.to match(/^LANG=C\.UTF-8$/) }
  end

  describe file("/etc/timezone") do
    its(:content) { is_expected.to eq "Etc/UTC\n" }
  end

  describe command("date --date=@0 +%Z%z") do
    its(:stdout) { is_expected.to eq "UTC+0000\n" }
  end

  describe command("locale --all-locales") do
    its(:stdout) { is_expected.to match(/^C\.utf8$/) }
  end
end

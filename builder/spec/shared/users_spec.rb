# frozen_string_literal: true

describe "users" do
  describe user("root") do
    it { is_expected.to exist }
    it { is_expected.to have_uid 0 }
    it { is_expected.to have_home_directory "/root" }
    it { is_expected.to have_login_shell "/bin/bash" }
  end

  %w[sshd messagebus systemd-network systemd-resolve systemd-timesync].each do |name|
    describe user(name) do
      it { is_expected.to exist }
      it { is_expected.to have_login_shell "/usr/sbin/nologin" }
    end
  end

  %w[docker video sudo users adm plugdev dialout].each do |name|
    describe group(name) do
      it { is_expected.to exist }
    end
  end

  passwd = TREE.read("/etc/passwd").lines.map { |line| line.chomp.split(":") }
  shadow = TREE.read("/etc/shadow").lines.map { |line| line.chomp.split(":") }

  it("have no password in the image", :unbooted) { expect(shadow.reject { |entry| entry[1].match?(/\A[!*]/) }.map(&:first)).to eq [] }
  it("are all in shadow") { expect(shadow.map(&:first)).to match_array(passwd.map(&:first)) }
  it("have no second root") { expect(passwd.select { |entry| entry[2] == "0" }.map(&:first)).to eq ["root"] }
  it("have numbers of their own") { expect(passwd.map { |entry| entry[2] }).to eq(passwd.map { |entry| entry[2] }.uniq) }
  it("leave the numbers from 1000 to people", :unbooted) { expect(passwd.map { |entry| entry[2].to_i }.grep(1000..59_999)).to eq [] }
  it("have nobody in docker yet", :unbooted) { expect(TREE.read("/etc/group")[/^docker:x:\d+:(.*)$/, 1]).to eq "" }
end

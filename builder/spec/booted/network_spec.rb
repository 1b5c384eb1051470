# frozen_string_literal: true

describe "the running network" do
  it("has an address from DHCP") { expect(RUNNING.run!("ip -4 -oneline address show scope global dynamic")).not_to eq "" }

  # QEMU's own network, which leads nowhere, names no router and no name server.
  unless ENV["CONSOLE_LOG"]
    describe command("ip -4 -oneline route show default") do
      its(:stdout) { is_expected.to match(/ proto dhcp /) }
    end

    describe command("resolvectl --no-pager status") do
      its(:stdout) { is_expected.to match(/DNS Servers: \S+/) }
    end
  end

  describe port(22) do
    it { is_expected.to be_listening }
  end

  # Docker's API as root's door, and anything that was started for no reason.
  it "listens for SSH, name resolution and DHCP only" do
    sockets = RUNNING.run!("ss --listening --tcp --udp --numeric --no-header").lines.map { |line| line.split[4] }
    outside = sockets.reject { |address| address.start_with?("127.", "[::1]") }.map { |address| address[/:(\d+)\z/, 1].to_i }
    expect(outside.uniq - [22, 68, 546, 5353, 5355]).to eq []
  end
end

# frozen_string_literal: true

# user-data.rb <public key file>: cloud-config from standard input with that key, to standard output.
require "yaml"

text = $stdin.read
config = text.start_with?("#cloud-config") ? YAML.safe_load(text) : nil
unless config.is_a?(Hash)
  warn "error: /boot/firmware/user-data: found #{text.lines.first.to_s.strip[0, 60].inspect}, expected a cloud-config that is a mapping"
  exit 2
end
keys = Array(config["ssh_authorized_keys"]) + [File.read(ARGV.fetch(0)).chomp]
puts "#cloud-config", YAML.dump(config.merge("ssh_authorized_keys" => keys), line_width: -1).delete_prefix("---\n")

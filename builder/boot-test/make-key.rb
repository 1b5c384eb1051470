# frozen_string_literal: true

# make-key.rb <file>: a key for one run of a test, <file> and <file>.pub as OpenSSH writes them.
require "net/ssh"

file = ARGV.fetch(0)
key = OpenSSL::PKey::EC.generate("prime256v1")
File.write(file, key.to_pem, perm: 0o600)
File.write("#{file}.pub", "#{key.ssh_type} #{[key.to_blob].pack("m0")} boot-test\n")

# frozen_string_literal: true

# await-text.rb <pattern>: until standard input has it, also in a line that does not end, as a login's question is one.
pattern = Regexp.new(ARGV.fetch(0))
seen = +""
begin
  loop do
    seen << $stdin.readpartial(65_536)
    exit 0 if seen.scrub("?").match?(pattern)
    # Long enough for any line of a console.
    seen = seen[-8192..] if seen.length > 8192
  end
rescue EOFError
  exit 1
end

# frozen_string_literal: true

# What Docker's own check-config.sh said: which options it wants and which of them there are. What it says of the machine
# that it ran on is left out.
class CheckConfig
  Option = Struct.new(:name, :present)

  def initialize(output)
    @sections = output.split(/^(?=[A-Z][A-Za-z ]+:$)/).to_h { |section| [section[/\A[^:\n]*/], section] }
  end

  # "Generally Necessary"
  def necessary
    options("Generally Necessary")
  end

  # "Optional Features", storage drivers among them.
  def optional
    options("Optional Features")
  end

  private

  def options(title)
    @sections.fetch(title).scan(/CONFIG_(\w+): (\w+)/).uniq.map { |name, state| Option.new(name, state == "enabled") }
  end
end

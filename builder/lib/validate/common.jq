# A check gives nothing, or one line: field, what was found, what is expected.
def shown: if . == null then "nothing" else tojson | if length > 100 then .[:100] + "…" else . end end;
def field($path): $path | map(if type == "number" then "[\(.)]" else ".\(.)" end) | join("") | ltrimstr(".");
def at($path): try getpath($path) catch null;
def bad($path; $expected):
  at($path) | shown as $shown | (if $path == [] then "" else field($path) + ": " end) + "found \($shown), expected \($expected)";
def expect($path; condition; $expected):
  . as $all | if (try (at($path) | condition) catch false) == true then empty else $all | bad($path; $expected) end;
# What may be left out; null is not left out.
def optional($path; checks):
  if (at($path[:-1]) | type == "object" and has($path[-1])) then checks else empty end;

def fields($path; $names):
  . as $all | at($path) as $value
  | if ($value | type) != "object" then $all | bad($path; "a mapping")
    else (($value | keys_unsorted) - $names)[] as $name
      | "\(field($path + [$name])): found an unknown field, expected one of \($names | join(", "))"
    end;
def list($path): if (at($path) | type) == "array" then empty else bad($path; "a list") end;
# The path of each item.
def items($path): at($path) | arrays | range(length) as $i | $path + [$i];
def each_once($path):
  . as $all | at($path) | arrays | . as $list | to_entries | group_by(.value)[] | .[0].key as $first | .[1:][]
  | .key as $i | $all | bad($path + [$i]; "each item once: it is item \($first) already");

def text($pattern; $maximum): type == "string" and length <= $maximum and test($pattern);
def is_slug: text("\\A[a-z0-9]+(-[a-z0-9]+)*\\z"; 40);
def slug_expected: "lower-case letters, digits and single hyphens between them, at most 40 characters";
def is_title: text("\\A[^\\s\\p{C}\\p{Z}]([^\\p{C}]{0,98}[^\\s\\p{C}\\p{Z}])?\\z"; 100);
def title_expected: "one line of 1 to 100 characters";
def is_package: text("\\A[a-z0-9][a-z0-9+.-]+\\z"; 100);
def is_path: text("\\A(?!.*(^|/)\\.{1,2}(/|$))[A-Za-z0-9_+,.-]+(/[A-Za-z0-9_+,.-]+)*\\z"; 200);
# In printable ASCII and without a user's name and password, which logs would tell.
def is_web: text("\\Ahttps?://[!-.0-?A-~]+/[!-~]+\\z"; 2000);
def is_sha256: text("\\A[0-9a-f]{64}\\z"; 64);
def sha256_expected: "a SHA-256 in 64 lower-case hex digits";
def is_whole($minimum; $maximum): type == "number" and . == floor and . >= $minimum and . <= $maximum;
def is_architecture: IN("armhf", "arm64", "armel", "amd64");
def package_expected: "a Debian package name: at least 2 lower-case letters, digits, '+', '-' and '.'";
def path_expected: "a relative path without . and .. segments";
def architecture_expected: "one of armhf, arm64, armel, amd64";

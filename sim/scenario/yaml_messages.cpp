#include "sim/scenario/yaml_messages.h"

#include "sim/scenario/errors.h"

namespace seedbed {

namespace {

struct Translation {
  std::string_view theirs;  // a prefix of yaml-cpp's message
  std::string_view ours;
};

constexpr Translation kTranslations[] = {
    {"illegal map value",
     "a ':' where no value can begin; check the indentation, or quote the text"},
    {"illegal map key", "a '?' where no key can begin"},
    {"illegal block entry", "a '-' where no list can begin; a list starts on a line of its own"},
    {"illegal flow end", "a ']' or '}' that does not match what is open"},
    {"end of map not found", "this does not fit into the map above it; check the indentation"},
    {"end of sequence not found",
     "this does not fit into the list above it; check the indentation"},
    {"end of map flow not found", "a '{' is not closed, or a ',' is missing"},
    {"end of sequence flow not found", "a '[' is not closed, or a ',' is missing"},
    {"illegal EOF in scalar", "a quote is never closed"},
    {"illegal document indicator in scalar", "a quote is not closed before the document ends"},
    {"illegal tab when looking for indentation",
     "a tab in the indentation; YAML is indented with spaces"},
    {"unknown token", "a character that cannot begin a value; quote the text"},
    {"the referenced anchor is not defined",
     "an alias (*name) without an anchor (&name) before it"},
    {"unknown escape character: ", "an escape that does not exist, in quotes: \\"},
    {"cannot assign multiple anchors", "a second anchor (&name) on one value"},
    {"cannot assign multiple tags", "a second tag (!name) on one value"},
    {"aliases can't have any content", "an alias (*name) stands alone, without a value"},
    {"unexpected character in block scalar", "a character that cannot follow '|' or '>'"},
};

}  // namespace

std::string readable_yaml_message(std::string_view message) {
  std::string out = "not valid YAML: ";
  for (const Translation& t : kTranslations) {
    if (!message.starts_with(t.theirs)) continue;
    out += t.ours;
    if (t.ours.ends_with('\\')) out += printable(message.substr(t.theirs.size()));
    return out;
  }
  return out + printable(message);
}

}  // namespace seedbed

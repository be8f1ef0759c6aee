// seedbed explain KEY: a key of scenarios, such as `groups` or `workload.workflow`: what it means,
// what may stand there, and the keys below it. From the descriptions that the reader reads by.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "sim/scenario/draft.h"
#include "tools/cli/command.h"
#include "tools/cli/terminal.h"

namespace seedbed::cli {

namespace {

/// Calls visit(path, field) for each key at and below this place. A key of a list's items has the
/// list's path before it.
template <class Visit>
void each_key(const Shape& shape, const std::string& path, const Visit& visit) {
  const auto each_of = [&](const std::vector<FieldShape>& fields) {
    for (const FieldShape& field : fields) {
      const std::string below = path.empty() ? field.name : path + "." + field.name;
      visit(below, field);
      each_key(field.shape, below, visit);
    }
  };
  each_of(shape.fields);
  for (const ShapeCase& c : shape.cases) each_of(c.fields);
  for (const Shape& part : shape.parts) each_key(part, path, visit);
}

/// "a list of steps", "true or false", "1 to 64", "one of: raft, paxos".
std::string noun_of(const Shape& shape) {
  switch (shape.kind) {
    case Shape::Kind::kAny: return "anything";
    case Shape::Kind::kNumber: return shape.noun.empty() ? "a number" : shape.noun;
    case Shape::Kind::kBoolean: return "true or false";
    case Shape::Kind::kNull: return "nothing";
    case Shape::Kind::kMap: return shape.noun.empty() ? "a map" : shape.noun;
    case Shape::Kind::kText: {
      const std::string noun = shape.noun.empty() ? "a text" : shape.noun;
      return shape.example.empty() ? noun : fmt::format("{}, such as {}", noun, shape.example);
    }
    case Shape::Kind::kInteger: {
      if (shape.max == std::numeric_limits<std::int64_t>::max()) {
        return fmt::format("an integer from {}", shape.min);
      }
      return fmt::format("an integer, {} to {}", shape.min, shape.max);
    }
    case Shape::Kind::kChoice: {
      std::vector<std::string_view> names;
      for (const Shape::Option& option : shape.options) names.push_back(option.name);
      return fmt::format("one of: {}", fmt::join(names, ", "));
    }
    case Shape::Kind::kList: return "a list of: " + noun_of(shape.parts[0]);
    case Shape::Kind::kEither: {
      std::vector<std::string> nouns;
      for (const Shape& part : shape.parts) nouns.push_back(noun_of(part));
      std::sort(nouns.begin(), nouns.end());
      nouns.erase(std::unique(nouns.begin(), nouns.end()), nouns.end());
      return fmt::format("{}", fmt::join(nouns, "; or "));
    }
  }
  return "";
}

/// The keys at this place, not those below them.
std::string keys_at(const Shape& shape) {
  std::string text;
  const auto add = [&](const std::vector<FieldShape>& fields) {
    for (const FieldShape& f : fields) {
      const std::string line =
          fmt::format("  {}{}: {}\n      {}\n", f.name, f.required ? "" : " (optional)", f.about,
                      noun_of(f.shape));
      if (text.find(line) == std::string::npos) text += line;
    }
  };
  add(shape.fields);
  for (const ShapeCase& c : shape.cases) add(c.fields);
  for (const Shape& part : shape.parts) text += keys_at(part);
  return text;
}

}  // namespace

std::string explain_key(std::string_view name) {
  struct Key {
    std::string path, about;
    std::vector<std::string> nouns;  // of each place where it may stand
    std::string below;
  };
  std::vector<Key> keys;
  each_key(scenario_shape(), "", [&](const std::string& path, const FieldShape& field) {
    if ((field.name != name && path != name) || field.about.empty()) return;
    auto key = std::find_if(keys.begin(), keys.end(),
                            [&](const Key& k) { return k.path == path && k.about == field.about; });
    if (key == keys.end()) key = keys.insert(key, {path, field.about, {}, ""});
    const std::string noun = noun_of(field.shape);
    if (std::find(key->nouns.begin(), key->nouns.end(), noun) == key->nouns.end()) {
      key->nouns.push_back(noun);
    }
    const std::string below = keys_at(field.shape);
    if (key->below.find(below) == std::string::npos) key->below += below;
  });
  std::string text;
  for (const Key& key : keys) {
    text += fmt::format(
        "{}{}: {}\nA key of scenarios: {}\n{}", text.empty() ? "" : "\n",
        styled(Style::kBold, key.path), key.about, fmt::join(key.nouns, "\n  or "),
        key.below.empty() ? "" : fmt::format("\n{}\n{}", styled(Style::kBold, "keys"), key.below));
  }
  return text;
}

std::vector<std::string> scenario_keys() {
  std::vector<std::string> names;
  each_key(scenario_shape(), "",
           [&](const std::string&, const FieldShape& field) { names.push_back(field.name); });
  return names;
}

}  // namespace seedbed::cli

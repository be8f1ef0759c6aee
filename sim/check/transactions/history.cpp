#include "sim/check/transactions/history.h"

#include <fmt/format.h>

namespace seedbed::txn {

Id History::key_named(std::string_view name) {
  const Id key = keys_.id_of(0, name);
  if (key == initial_.size()) initial_.push_back(versions_.id_of(key, options_.initial));
  return key;
}

void History::begin(Transaction t) {
  t.first = static_cast<Id>(accesses_.size());
  t.count = 0;
  transactions_.push_back(t);
}

void History::add(Action action, Id key, Id value) {
  accesses_.push_back({action, key, value});
  ++transactions_.back().count;
}

void History::write(std::string_view key, std::string_view value) {
  const Id k = key_named(key);
  add(Action::kWrite, k, versions_.id_of(k, value));
}

void History::read(std::string_view key, std::string_view value) {
  const Id k = key_named(key);
  add(Action::kRead, k, versions_.id_of(k, value));
}

void History::read_list(std::string_view key, std::span<const std::string_view> values) {
  const Id k = key_named(key);
  for (const std::string_view v : values) elements_.push_back(versions_.id_of(k, v));
  list_ends_.push_back(elements_.size());
  add(Action::kRead, k, static_cast<Id>(list_ends_.size() - 1));
}

std::string name_of(const History& history, Id t) {
  if (t >= history.size()) return "one from outside";
  return fmt::format("T{}", t + 1);
}

std::string text_of(const History& history, const Access& access) {
  const std::string_view key = history.key_name(access.key);
  const bool lists = history.options().model == Model::kList;
  if (access.action == Action::kWrite) {
    return fmt::format("{} {} {}", lists ? "append" : "w", key, history.value_name(access.value));
  }
  if (!lists) return fmt::format("r {} {}", key, history.value_name(access.value));
  std::string values;
  for (const Id v : history.list(access.value)) {
    if (!values.empty()) values += ' ';
    values += history.value_name(v);
  }
  return fmt::format("r {} [{}]", key, values);
}

}  // namespace seedbed::txn

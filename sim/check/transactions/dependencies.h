// The direct serialization graph of a history (Adya 1999): who must come before whom, as far as it
// is known without a search, and which pairs of writes could be either way round. Where many come
// before many, nodes of no transaction stand between them: the graph stays linear in the history.
//
//   const Dependencies d = dependencies_of(history, facts, {.sessions = true});
//   for (const Step& e : d.edges) ...
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sim/check/transactions/facts.h"
#include "sim/check/transactions/history.h"

namespace seedbed::txn {

/// One of these two installs of a key comes first; which, is not known.
struct Choice {
  Id a = 0, b = 0;  // positions in Facts::installs
};

struct Dependencies {
  Id nodes = 0;  // those of Facts, and after them those of no transaction
  std::vector<Step> edges;
  std::vector<Choice> choices;
  /// Choices would have needed more than was allowed: there are none.
  bool too_many = false;
  /// Who read each install: by position in Facts::installs, and one more.
  std::vector<std::size_t> first_reader;
  std::vector<Id> readers;

  std::span<const Id> readers_of(Id install) const {
    return std::span(readers).subspan(first_reader[install],
                                      first_reader[install + 1] - first_reader[install]);
  }
};

struct DependencyOptions {
  bool sessions = false;
  bool real_time = false;
  bool choices = false;
  std::size_t bytes = std::size_t{1} << 30;  // that a search of the choices may take
};

Dependencies dependencies_of(const History& history, const Facts& facts,
                             const DependencyOptions& options);

}  // namespace seedbed::txn

// Histories of transactions as others write them: Plume's and AWDIT's text, dbcop's binary
// (Biswas & Enea 2019), and Jepsen's op maps in EDN or JSON. What is wrong with one is thrown as
// history::BadHistory, with the byte where it stands.
//
//   const History h = read_plume("w(x,1,0,0)\nr(x,1,1,1)\n");
//   const History j = read_jepsen(text, history::Syntax::kEdn, {.model = Model::kList});
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sim/check/history/map_reader.h"
#include "sim/check/transactions/history.h"

namespace seedbed::txn {

/// `r(key,value,session,txn)` or `w(...)` a line; the operations of a transaction stand together;
/// txn -1 was aborted; `#` begins a comment.
History read_plume(std::string_view text, const std::string& initial = "0");
/// `r K V` or `w K V` a line; `-----` ends a transaction, `=====` a session. No initial values.
History read_awdit(std::string_view text);
/// Little endian: u64 id, nodes, variables, transactions, events; three strings; then the sessions.
History read_dbcop(std::string_view bytes, const std::string& initial = "0");

struct JepsenOptions {
  Model model = Model::kRegister;
  std::string initial = "nil";
  /// Each transaction is a session of its own.
  bool session_per_line = false;
};

/// Op maps of `txn` operations: `[:append k v] [:r k [..]]`, or `[:w k v] [:r k v]`. Processes that
/// are no integers are skipped. What was invoked and has no completion, or `:info`, may have
/// happened. The order of the maps is real time.
History read_jepsen(std::string_view text, history::Syntax syntax, const JepsenOptions& options);
/// Of maps that were read already.
History read_jepsen(std::span<const history::Value> maps, const JepsenOptions& options);

}  // namespace seedbed::txn

// How facts are found; the two models differ in how they read (read_registers.cpp,
// read_lists.cpp).
//
//   Facts facts = Observer(history).observe();
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/check/transactions/facts.h"

namespace seedbed::txn {

class Observer {
 public:
  explicit Observer(const History& history) : history_(history) {}
  Facts observe();

 private:
  void find_writers();
  void find_final_versions();
  void read_registers();
  void read_lists();
  void find_longest_lists();
  void check_orders();
  void check_order(std::span<const Id> order, Id reader);
  void check_program_order(Id version, Id reader);
  void read_list(Id t, const Access& access, std::span<const Id> own_appends);
  void find_committed();
  void list_installs();
  void index_reads();
  void find_lost_updates();

  void see(Id version);
  void read_unwritten(Id reader, const Access& read);
  void read_unwritten_element(Id reader, Id version);
  void read_aborted(Id reader, Id version);
  void read_intermediate(Id reader, Id version);
  void internal(Id reader, const Access& read, bool against_own_write);
  void add(std::string type, Axioms breaks, std::vector<Id> who, std::string message);

  const History& history_;
  Facts facts_;
  std::vector<std::uint8_t> seen_, final_, written_twice_;  // by version
  std::vector<Id> outside_;          // lists: the elements that came from outside
  std::vector<Seen> outside_reads_;  // registers: of values that came from outside
  std::vector<Id> written_before_;   // by version: how often its writer wrote the key before
  // Lists.
  struct Longest {
    Id list = kNone;
    Id reader = kNone;
  };
  std::vector<Longest> longest_;  // by key
  struct Progress {
    Id order = 0;  // the order that is looked at, by a number of its own
    Id count = 0;  // of the transaction's appends in it so far
  };
  std::vector<Progress> progress_;  // by transaction
  Id orders_ = 0;
  std::vector<Id> read_at_;  // by key: the version that the present transaction read first
};

}  // namespace seedbed::txn

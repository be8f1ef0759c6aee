// Small histories of transactions, and a judge of them that tries every order: the definitions of
// the levels as they stand in the papers, and nothing clever. What the real judge says is compared
// with it.
//
//   Small small{.transactions = {{.operations = {{true, 0, 1}}}, ...}};
//   EXPECT_EQ(holds(small, rules), check_transactions(history_of(small), level).verdict == kPass);
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/check/transactions/history.h"
#include "sim/check/transactions/level.h"

namespace seedbed::txn::testing_small {

struct SmallOperation {
  bool write = false;
  unsigned key = 0;
  unsigned value = 0;            // written, or read of a register: 0 is the initial one
  std::vector<unsigned> list{};  // read of a list
};

struct SmallTransaction {
  std::vector<SmallOperation> operations;
  unsigned session = 0;
  Outcome outcome = Outcome::kOk;
  std::uint64_t invoked = 0, returned = 0;
};

struct Small {
  Model model = Model::kRegister;
  bool timed = false;
  bool partial = false;  // values that nobody wrote came from outside
  std::vector<SmallTransaction> transactions;
};

History history_of(const Small& small);
std::string text_of(const Small& small);
/// Whether some order of the transactions gives the level.
bool holds(const Small& small, const Rules& rules);

}  // namespace seedbed::txn::testing_small

#include "sim/trace/jepsen_history.h"

#include <gtest/gtest.h>

#include "sim/world/history_processes.h"

namespace seedbed {
namespace {

constexpr NodeId kClient{4};

TEST(JepsenHistory, PairsByProcessAndNeverUsesOneAgainAfterInfo) {
  History history;
  const auto at = [](int ms) { return Time{} + 1_ms * ms; };
  const auto a = history.invoke(at(1), kClient, {kv::Function::kWrite, 7, 1, kv::kNil});
  const auto b = history.invoke(at(2), kClient, {.key = 7});
  history.complete(at(3), a, Completion::kInfo);
  history.complete(at(4), b, Completion::kOk, 1);
  const auto c = history.invoke(at(5), kClient, {kv::Function::kCas, 7, 2, 1});
  history.complete(at(6), c, Completion::kFail, 3);
  history.invoke(at(7), kClient, {kv::Function::kWrite, 7, 4, kv::kNil});
  EXPECT_EQ(jepsen_history(history),
            "{:index 0, :time 1000000, :process 0, :type :invoke, :f :write, :key 7, :value 1}\n"
            "{:index 1, :time 2000000, :process 1, :type :invoke, :f :read, :key 7, :value nil}\n"
            "{:index 2, :time 3000000, :process 0, :type :info, :f :write, :key 7, :value 1}\n"
            "{:index 3, :time 4000000, :process 1, :type :ok, :f :read, :key 7, :value 1}\n"
            "{:index 4, :time 5000000, :process 1, :type :invoke, :f :cas, :key 7, :value [1 2]}\n"
            "{:index 5, :time 6000000, :process 1, :type :fail, :f :cas, :key 7, :value [1 2]}\n"
            "{:index 6, :time 7000000, :process 1, :type :invoke, :f :write, :key 7, :value 4}\n");
}

TEST(JepsenHistory, AProcessIsOfOneClient) {
  History history;
  const auto at = [](int ms) { return Time{} + 1_ms * ms; };
  for (const std::uint32_t client : {4U, 5U, 4U}) {
    const auto id = history.invoke(at(1), NodeId{client}, {kv::Function::kWrite, 7, 1, kv::kNil});
    history.complete(at(1), id, Completion::kOk);
  }
  EXPECT_EQ(processes_of(history.operations()), (std::vector<std::uint32_t>{0, 1, 0}));
}

TEST(History, AnOperationCompletesOnce) {
  History history;
  const auto a = history.invoke(Time{}, kClient, {});
  history.complete(Time{}, a, Completion::kOk, 1);
  history.complete(Time{}, a, Completion::kOk, 1);
  EXPECT_THROW(history.operations(), AssertionFailed);
}

}  // namespace
}  // namespace seedbed

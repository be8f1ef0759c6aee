// The scripts of a protocol: tests/protocols/NAME/testdata/*.txt, of which mutant-MUTANT.txt shows
// each of its mutants, by the check that it dies by.
//
//   INSTANTIATE_TEST_SUITE_P(Raft, Scripts, ::testing::ValuesIn(testing::script_files("raft")),
//                            [](const auto& t) { return testing::script_name(t.param); });
//   TEST(...) { testing::expect_mutants_shown(*find_protocol("raft")); }
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/protocol.h"
#include "tests/support/script.h"

namespace seedbed::testing {

/// Their paths, sorted.
std::vector<std::string> script_files(std::string_view protocol);
/// A script's name as that of a test.
std::string script_name(const std::string& path);
/// Each mutant has a script, and the first violation there is of the invariant that it names.
void expect_mutants_shown(const Protocol& protocol);
/// No violation stands below a `cluster` without a mutant.
void expect_correct_unbroken(const Protocol& protocol);

}  // namespace seedbed::testing

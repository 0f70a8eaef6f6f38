package framework

import (
	"os"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
)

// DocumentedCommand is a line that somebody types, and what is printed then.
type DocumentedCommand struct{ Line, Answer string }

// DocumentedCommands are those in the first block of commands after some words, such as a heading,
// of a page in docs/.
func DocumentedCommands(page, words string) []string {
	ginkgo.GinkgoHelper()
	var lines []string
	for _, command := range DocumentedSession(page, words)[0] {
		gomega.Expect(command.Answer).To(gomega.BeEmpty())
		lines = append(lines, command.Line)
	}
	return lines
}

// DocumentedSession are the commands of all blocks between some words and the next heading, with
// their answers.
func DocumentedSession(page, words string) (blocks [][]DocumentedCommand) {
	ginkgo.GinkgoHelper()
	text, err := os.ReadFile("../../docs/" + page)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	_, section, found := strings.Cut(string(text), words)
	gomega.Expect(found).To(gomega.BeTrue(), words)
	section, _, _ = strings.Cut(section, "\n#")
	for i, block := range strings.Split(section, "```console\n") {
		if i == 0 {
			continue
		}
		block, _, _ = strings.Cut(block, "```")
		lines, found := strings.CutPrefix(block, "$ ")
		gomega.Expect(found).To(gomega.BeTrue(), block)
		var commands []DocumentedCommand
		for command := range strings.SplitSeq(lines, "\n$ ") {
			line, answer, _ := strings.Cut(command, "\n")
			commands = append(commands, DocumentedCommand{line, strings.TrimSpace(answer)})
		}
		blocks = append(blocks, commands)
	}
	gomega.Expect(blocks).NotTo(gomega.BeEmpty())
	return blocks
}

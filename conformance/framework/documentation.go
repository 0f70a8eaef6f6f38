package framework

import (
	"os"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
)

// DocumentedCommands are those in the first block of commands after some words, such as a heading,
// of a page in docs/.
func DocumentedCommands(page, words string) []string {
	ginkgo.GinkgoHelper()
	text, err := os.ReadFile("../../docs/" + page)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	_, section, found := strings.Cut(string(text), words)
	gomega.Expect(found).To(gomega.BeTrue(), words)
	_, block, _ := strings.Cut(section, "```console\n")
	block, _, _ = strings.Cut(block, "```")
	var commands []string
	for line := range strings.Lines(block) {
		command, found := strings.CutPrefix(line, "$ ")
		gomega.Expect(found).To(gomega.BeTrue(), line)
		commands = append(commands, command)
	}
	gomega.Expect(commands).NotTo(gomega.BeEmpty())
	return commands
}

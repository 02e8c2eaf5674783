// Checks a log's files with golang.org/x/mod's sumdb/note and sumdb/tlog, which know
// nothing of this project, and makes some for us to check.
//
// It reads one JSON request a line from standard input and answers each with a line:
// {"ok": true, …} or {"ok": false, "error": "…"}. Built by the tests.
package main

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type request struct {
	Op      string
	Keys    []string // verifier keys
	Note    []byte
	Entry   []byte
	Entries [][]byte
	Leaf    []byte
	Index   int64
	Size    int64
	Old     int64
	Root    []byte
	OldRoot []byte
	Path    [][]byte
	Folder  string
	Name    string
}

type answer struct {
	OK          bool     `json:"ok"`
	Error       string   `json:"error,omitempty"`
	Text        string   `json:"text,omitempty"`
	Key         string   `json:"key,omitempty"`
	Note        []byte   `json:"note,omitempty"`
	Root        []byte   `json:"root,omitempty"`
	Inclusion   [][]byte `json:"inclusion,omitempty"`
	Consistency [][]byte `json:"consistency,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var r request
		var a answer
		err := json.Unmarshal(lines.Bytes(), &r)
		if err == nil {
			a, err = r.handle()
		}
		if err != nil {
			a = answer{Error: err.Error()}
		} else {
			a.OK = true
		}
		if err := out.Encode(a); err != nil {
			os.Exit(1)
		}
	}
}

func (r *request) handle() (answer, error) {
	switch r.Op {
	case "note":
		text, err := r.open()
		return answer{Text: text}, err
	case "inclusion":
		leaf, err := hash(r.Leaf)
		if err != nil {
			return answer{}, err
		}
		root, path, err := r.hashes()
		if err != nil {
			return answer{}, err
		}
		return answer{}, tlog.CheckRecord(path, r.Size, root, r.Index, leaf)
	case "consistency":
		old, err := hash(r.OldRoot)
		if err != nil {
			return answer{}, err
		}
		root, path, err := r.hashes()
		if err != nil {
			return answer{}, err
		}
		return answer{}, tlog.CheckTree(tlog.TreeProof(path), r.Size, root, r.Old, old)
	case "tiles":
		return r.tiles()
	case "make":
		return r.make()
	}
	return answer{}, fmt.Errorf("unknown request %q", r.Op)
}

func (r *request) open() (string, error) {
	var keys []note.Verifier
	for _, vkey := range r.Keys {
		key, err := note.NewVerifier(vkey)
		if err != nil {
			return "", err
		}
		keys = append(keys, key)
	}
	n, err := note.Open(r.Note, note.VerifierList(keys...))
	if err != nil {
		return "", err
	}
	return n.Text, nil
}

func hash(b []byte) (tlog.Hash, error) {
	var h tlog.Hash
	if len(b) != len(h) {
		return h, fmt.Errorf("a hash of %d bytes", len(b))
	}
	copy(h[:], b)
	return h, nil
}

func (r *request) hashes() (root tlog.Hash, path []tlog.Hash, err error) {
	if root, err = hash(r.Root); err != nil {
		return
	}
	for _, b := range r.Path {
		h, err := hash(b)
		if err != nil {
			return root, nil, err
		}
		path = append(path, h)
	}
	return
}

// folder reads published tiles, in the C2SP layout, for tlog.TileHashReader.
type folder string

func (f folder) Height() int { return 8 }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		path := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// tiles proves every entry and every older tree from published tiles under a root.
func (r *request) tiles() (answer, error) {
	root, err := hash(r.Root)
	if err != nil {
		return answer{}, err
	}
	reader := tlog.TileHashReader(tlog.Tree{N: r.Size, Hash: root}, folder(r.Folder))
	for i, entry := range r.Entries {
		path, err := tlog.ProveRecord(r.Size, int64(i), reader)
		if err != nil {
			return answer{}, err
		}
		err = tlog.CheckRecord(path, r.Size, root, int64(i), tlog.RecordHash(entry))
		if err != nil {
			return answer{}, err
		}
	}
	for old := int64(1); old <= r.Size; old += 1 + old/3 {
		before, err := tlog.TreeHash(old, reader)
		if err != nil {
			return answer{}, err
		}
		path, err := tlog.ProveTree(r.Size, old, reader)
		if err != nil {
			return answer{}, err
		}
		if err := tlog.CheckTree(path, r.Size, root, old, before); err != nil {
			return answer{}, err
		}
	}
	return answer{}, nil
}

// make builds a log of its own: a key, a signed note over the root, two proofs.
func (r *request) make() (answer, error) {
	skey, vkey, err := note.GenerateKey(rand.Reader, r.Name)
	if err != nil {
		return answer{}, err
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		return answer{}, err
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var list []tlog.Hash
		for _, i := range indexes {
			list = append(list, stored[i])
		}
		return list, nil
	})
	for i, entry := range r.Entries {
		added, err := tlog.StoredHashes(int64(i), entry, reader)
		if err != nil {
			return answer{}, err
		}
		stored = append(stored, added...)
	}
	size := int64(len(r.Entries))
	root, err := tlog.TreeHash(size, reader)
	if err != nil {
		return answer{}, err
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", r.Name, size, root)
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return answer{}, err
	}
	inclusion, err := tlog.ProveRecord(size, r.Index, reader)
	if err != nil {
		return answer{}, err
	}
	consistency, err := tlog.ProveTree(size, r.Old, reader)
	if err != nil {
		return answer{}, err
	}
	return answer{
		Key: vkey, Note: signed, Root: root[:],
		Inclusion: list(inclusion), Consistency: list(consistency),
	}, nil
}

func list(path []tlog.Hash) [][]byte {
	all := [][]byte{}
	for _, h := range path {
		all = append(all, append([]byte(nil), h[:]...))
	}
	return all
}

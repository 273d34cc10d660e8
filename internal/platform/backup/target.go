package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Target is where backups are kept. Names are slash-separated.
type Target interface {
	Put(ctx context.Context, name string, r io.Reader, size int64) error
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	// Has tells whether a name is there with that size.
	Has(ctx context.Context, name string, size int64) (bool, error)
	// List tells the names below a folder.
	List(ctx context.Context, folder string) ([]string, error)
	Remove(ctx context.Context, name string) error
}

// OpenTarget opens a folder, or a bucket of S3-compatible storage given as
// s3://host/bucket/prefix (s3+http:// without TLS), with the credentials of AWS_ACCESS_KEY_ID and
// AWS_SECRET_ACCESS_KEY and, if any, the region of AWS_REGION.
func OpenTarget(address string) (Target, error) {
	if !strings.HasPrefix(address, "s3://") && !strings.HasPrefix(address, "s3+http://") {
		if address == "" || strings.Contains(address, "://") {
			return nil, fmt.Errorf("%q is neither a folder nor s3://host/bucket", address)
		}
		return folder(address), nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if u.Host == "" || name == "" {
		return nil, fmt.Errorf("%q lacks the host or the bucket: s3://host/bucket/prefix", address)
	}
	client, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewEnvAWS(), Secure: u.Scheme == "s3", Region: os.Getenv("AWS_REGION")})
	if err != nil {
		return nil, err
	}
	if prefix != "" {
		prefix += "/"
	}
	return &bucket{client, name, prefix}, nil
}

// folder keeps backups on a disk.
type folder string

func (f folder) path(name string) string { return filepath.Join(string(f), filepath.FromSlash(name)) }

func (f folder) Put(_ context.Context, name string, r io.Reader, _ int64) error {
	path := f.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // gone already once it was renamed
	if _, err = io.Copy(part, r); err == nil {
		err = part.Sync()
	}
	if err = errors.Join(err, part.Close()); err != nil {
		return err
	}
	return os.Rename(part.Name(), path)
}

func (f folder) Get(_ context.Context, name string) (io.ReadCloser, error) {
	return os.Open(f.path(name))
}

func (f folder) Has(_ context.Context, name string, size int64) (bool, error) {
	info, err := os.Stat(f.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && info.Size() == size, err
}

func (f folder) List(_ context.Context, below string) ([]string, error) {
	var out []string
	root := f.path(below)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), ".part-") {
			rel, _ := filepath.Rel(string(f), path)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	return out, err
}

func (f folder) Remove(_ context.Context, name string) error {
	if err := os.Remove(f.path(name)); err != nil {
		return err
	}
	_ = os.Remove(filepath.Dir(f.path(name))) // goes with its last file
	return nil
}

// bucket keeps backups in S3-compatible storage.
type bucket struct {
	client *minio.Client
	name   string
	prefix string
}

func (b *bucket) Put(ctx context.Context, name string, r io.Reader, size int64) error {
	_, err := b.client.PutObject(ctx, b.name, b.prefix+name, r, size, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	return err
}

func (b *bucket) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	return b.client.GetObject(ctx, b.name, b.prefix+name, minio.GetObjectOptions{})
}

func (b *bucket) Has(ctx context.Context, name string, size int64) (bool, error) {
	info, err := b.client.StatObject(ctx, b.name, b.prefix+name, minio.StatObjectOptions{})
	if minio.ToErrorResponse(err).StatusCode == 404 {
		return false, nil
	}
	return err == nil && info.Size == size, err
}

func (b *bucket) List(ctx context.Context, below string) ([]string, error) {
	var out []string
	for o := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix + below, Recursive: true}) {
		if o.Err != nil {
			return nil, o.Err
		}
		out = append(out, strings.TrimPrefix(o.Key, b.prefix))
	}
	slices.Sort(out)
	return out, nil
}

func (b *bucket) Remove(ctx context.Context, name string) error {
	return b.client.RemoveObject(ctx, b.name, b.prefix+name, minio.RemoveObjectOptions{})
}

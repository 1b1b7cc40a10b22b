package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// secrets are the files kube-apiserver reads, and the certificate and token that a client needs.
type secrets struct {
	certificateFile, keyFile, tokenFile string
	certificate                         []byte
	token                               string
}

func viewerToken(token string) string { return token + "-viewer" }

// writeSecrets makes a certificate for 127.0.0.1 and its key, which signs service accounts' tokens too.
func writeSecrets(dir, token string) (*secrets, error) {
	s := &secrets{
		certificateFile: filepath.Join(dir, "serving.crt"),
		keyFile:         filepath.Join(dir, "serving.key"),
		tokenFile:       filepath.Join(dir, "tokens.csv"),
		token:           token,
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(time.Now().UnixNano()),
		Subject:               pkix.Name{CommonName: "kube-apiserver of a test"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(30 * 24 * time.Hour),
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		DNSNames:              []string{"localhost"},
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	s.certificate = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})
	tokens := fmt.Sprintf("%s,admin,1,\"system:masters\"\n%s,viewer,2\n", token, viewerToken(token))
	for path, content := range map[string][]byte{
		s.certificateFile: s.certificate,
		s.keyFile:         pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}),
		s.tokenFile:       []byte(tokens),
	} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return nil, err
		}
	}
	return s, nil
}

"""`python -m bot setup`: from a token to a newsroom that waits for its owner, in one sitting at a terminal."""

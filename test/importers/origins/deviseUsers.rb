# Makes what a Rails application with Devise has, as far as an export needs it: `ruby deviseUsers.rb DIRECTORY WAY ...` writes
# config/environment.rb, bin/rails and the database, and prints who its users are.
require 'fileutils'
require 'json'
directory, *ways = ARGV
Dir.chdir(directory)
FileUtils.mkdir_p(%w[config bin])
File.write('config/environment.rb', <<~'RUBY')
  require 'active_record'
  require 'sqlite3'
  require 'devise'
  require 'devise/orm/active_record'
  ActiveRecord::Base.establish_connection(adapter: 'sqlite3', database: File.join(__dir__, '../db.sqlite3'))
  Devise.stretches = 5
  Devise.pepper = ENV['PEPPER']
  class User < ActiveRecord::Base
    devise :database_authenticatable, :confirmable, :lockable
    def send_on_create_confirmation_instructions; end
  end
RUBY
File.write('bin/rails', <<~'RUBY')
  #!/usr/bin/env ruby
  # `rails runner FILE`, without Rails.
  require File.expand_path('../config/environment', __dir__)
  load ARGV.fetch(1)
RUBY
FileUtils.chmod(0o755, 'bin/rails')
require File.expand_path('config/environment')
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table :users do |t|
    t.string :email, null: false
    t.string :encrypted_password, null: false
    t.string :name
    t.boolean :admin
    t.datetime :confirmed_at
    t.string :confirmation_token
    t.datetime :confirmation_sent_at
    t.string :unconfirmed_email
    t.integer :failed_attempts, default: 0
    t.string :unlock_token
    t.datetime :locked_at
    t.string :otp_secret
    t.boolean :otp_required_for_login
    t.timestamps
  end
end
made = ways.map do |way|
  password = "devise für #{way} 1"
  user = User.create!(email: "#{way}@devise.example", password: password, name: 'Ada Lovelace', confirmed_at: Time.now)
  { id: user.id.to_s, way: way, email: user.email, password: password, signsInThere: user.valid_password?(password) }
end
User.create!(email: 'chief@devise.example', password: 'the password of the chief', admin: true)
User.create!(email: 'locked@devise.example', password: 'the password of locked').lock_access!(send_instructions: false)
User.create!(email: 'two@devise.example', password: 'the password of two', otp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', otp_required_for_login: true)
puts made.to_json
